{{/* Written by `generator charts` from generator/tables/rules.yaml: what this chart rejects, or warns of.

  edgemesh.rules root values where    append to .Values._site.problems and .warnings what the rules find in
                                    the values; `where` stands before the key in the message
*/}}

{{- define "edgemesh.rules" -}}
{{- $site := .root.Values._site -}}
{{- $values := .values -}}
{{- $where := .where -}}
{{- $problems := list -}}
{{- $warnings := list -}}
{{- $kubeedge := $site.kubeedge | trimPrefix "1." | int -}}
{{- $edgemesh := $site.edgemesh | trimPrefix "1." | int -}}
{{- /* Sections. One that is not a map counts as empty here: the field table rejects it. */ -}}
{{- $number := list "float64" "int" "int64" -}}
{{- $pattern1 := "^((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])$" -}}
{{- $pattern2 := "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)?$" -}}
{{- $agent := ternary $values.agent dict (kindIs "map" $values.agent) -}}
{{- $agent_kubeAPIConfig := ternary $agent.kubeAPIConfig dict (kindIs "map" $agent.kubeAPIConfig) -}}
{{- $agent_kubeAPIConfig_metaServer := ternary $agent_kubeAPIConfig.metaServer dict (kindIs "map" $agent_kubeAPIConfig.metaServer) -}}
{{- $agent_kubeAPIConfig_metaServer_security := ternary $agent_kubeAPIConfig_metaServer.security dict (kindIs "map" $agent_kubeAPIConfig_metaServer.security) -}}
{{- $gateway := ternary $values.gateway dict (kindIs "map" $values.gateway) -}}
{{- $gateway_kubeAPIConfig := ternary $gateway.kubeAPIConfig dict (kindIs "map" $gateway.kubeAPIConfig) -}}
{{- $gateway_kubeAPIConfig_metaServer := ternary $gateway_kubeAPIConfig.metaServer dict (kindIs "map" $gateway_kubeAPIConfig.metaServer) -}}
{{- $gateway_kubeAPIConfig_metaServer_security := ternary $gateway_kubeAPIConfig_metaServer.security dict (kindIs "map" $gateway_kubeAPIConfig_metaServer.security) -}}
{{- $metaServer := ternary $values.metaServer dict (kindIs "map" $values.metaServer) -}}
{{- $metaServer_clientCertificate := ternary $metaServer.clientCertificate dict (kindIs "map" $metaServer.clientCertificate) -}}
{{- $metaServer_clientCertificate_certManager := ternary $metaServer_clientCertificate.certManager dict (kindIs "map" $metaServer_clientCertificate.certManager) -}}
{{- $metaServer_clientCertificate_certManager_issuerRef := ternary $metaServer_clientCertificate_certManager.issuerRef dict (kindIs "map" $metaServer_clientCertificate_certManager.issuerRef) -}}
{{- $cluster := ternary $values.cluster dict (kindIs "map" $values.cluster) -}}
{{- $agent_commonConfig := ternary $agent.commonConfig dict (kindIs "map" $agent.commonConfig) -}}
{{- $agent_modules := ternary $agent.modules dict (kindIs "map" $agent.modules) -}}
{{- $agent_modules_edgeTunnel := ternary $agent_modules.edgeTunnel dict (kindIs "map" $agent_modules.edgeTunnel) -}}
{{- $agent_modules_edgeTunnel_psk := ternary $agent_modules_edgeTunnel.psk dict (kindIs "map" $agent_modules_edgeTunnel.psk) -}}
{{- $gateway_modules := ternary $gateway.modules dict (kindIs "map" $gateway.modules) -}}
{{- $gateway_modules_edgeTunnel := ternary $gateway_modules.edgeTunnel dict (kindIs "map" $gateway_modules.edgeTunnel) -}}
{{- $gateway_modules_edgeTunnel_psk := ternary $gateway_modules_edgeTunnel.psk dict (kindIs "map" $gateway_modules_edgeTunnel.psk) -}}
{{- $agent_modules_edgeProxy := ternary $agent_modules.edgeProxy dict (kindIs "map" $agent_modules.edgeProxy) -}}
{{- $agent_relayNodes_advertiseAddress_all := list -}}
{{- range $item0 := ternary $agent.relayNodes (list $agent.relayNodes) (kindIs "slice" $agent.relayNodes) -}}
{{- $map := ternary $item0 dict (kindIs "map" $item0) -}}
{{- $field := $map.advertiseAddress -}}
{{- range $item1 := ternary $field (list $field) (kindIs "slice" $field) -}}
{{- if not (kindIs "invalid" $item1) }}{{ $agent_relayNodes_advertiseAddress_all = append $agent_relayNodes_advertiseAddress_all $item1 }}{{ end -}}
{{- end -}}{{- end -}}
{{- $agent_modules_edgeTunnel_relayNodes_advertiseAddress_all := list -}}
{{- range $item0 := ternary $agent_modules_edgeTunnel.relayNodes (list $agent_modules_edgeTunnel.relayNodes) (kindIs "slice" $agent_modules_edgeTunnel.relayNodes) -}}
{{- $map := ternary $item0 dict (kindIs "map" $item0) -}}
{{- $field := $map.advertiseAddress -}}
{{- range $item1 := ternary $field (list $field) (kindIs "slice" $field) -}}
{{- if not (kindIs "invalid" $item1) }}{{ $agent_modules_edgeTunnel_relayNodes_advertiseAddress_all = append $agent_modules_edgeTunnel_relayNodes_advertiseAddress_all $item1 }}{{ end -}}
{{- end -}}{{- end -}}
{{- $gateway_relayNodes_advertiseAddress_all := list -}}
{{- range $item0 := ternary $gateway.relayNodes (list $gateway.relayNodes) (kindIs "slice" $gateway.relayNodes) -}}
{{- $map := ternary $item0 dict (kindIs "map" $item0) -}}
{{- $field := $map.advertiseAddress -}}
{{- range $item1 := ternary $field (list $field) (kindIs "slice" $field) -}}
{{- if not (kindIs "invalid" $item1) }}{{ $gateway_relayNodes_advertiseAddress_all = append $gateway_relayNodes_advertiseAddress_all $item1 }}{{ end -}}
{{- end -}}{{- end -}}
{{- $agent_modules_edgeCNI := ternary $agent_modules.edgeCNI dict (kindIs "map" $agent_modules.edgeCNI) -}}
{{- $gateway_modules_edgeTunnel_relayNodes_advertiseAddress_all := list -}}
{{- range $item0 := ternary $gateway_modules_edgeTunnel.relayNodes (list $gateway_modules_edgeTunnel.relayNodes) (kindIs "slice" $gateway_modules_edgeTunnel.relayNodes) -}}
{{- $map := ternary $item0 dict (kindIs "map" $item0) -}}
{{- $field := $map.advertiseAddress -}}
{{- range $item1 := ternary $field (list $field) (kindIs "slice" $field) -}}
{{- if not (kindIs "invalid" $item1) }}{{ $gateway_modules_edgeTunnel_relayNodes_advertiseAddress_all = append $gateway_modules_edgeTunnel_relayNodes_advertiseAddress_all $item1 }}{{ end -}}
{{- end -}}{{- end -}}
{{- $gateway_service := ternary $gateway.service dict (kindIs "map" $gateway.service) -}}
{{- $agent_modules_edgeTunnel_metricConfig := ternary $agent_modules_edgeTunnel.metricConfig dict (kindIs "map" $agent_modules_edgeTunnel.metricConfig) -}}
{{- $agent_metricsService := ternary $agent.metricsService dict (kindIs "map" $agent.metricsService) -}}
{{- $gateway_podDisruptionBudget := ternary $gateway.podDisruptionBudget dict (kindIs "map" $gateway.podDisruptionBudget) -}}
{{- $agent_serviceAccount := ternary $agent.serviceAccount dict (kindIs "map" $agent.serviceAccount) -}}
{{- $gateway_serviceAccount := ternary $gateway.serviceAccount dict (kindIs "map" $gateway.serviceAccount) -}}
{{- $agent_modules_edgeDNS := ternary $agent_modules.edgeDNS dict (kindIs "map" $agent_modules.edgeDNS) -}}
{{- $agent_modules_edgeProxy_socks5Proxy := ternary $agent_modules_edgeProxy.socks5Proxy dict (kindIs "map" $agent_modules_edgeProxy.socks5Proxy) -}}
{{- $agent_modules_edgeProxy_loadBalancer := ternary $agent_modules_edgeProxy.loadBalancer dict (kindIs "map" $agent_modules_edgeProxy.loadBalancer) -}}
{{- $gateway_modules_edgeGateway := ternary $gateway_modules.edgeGateway dict (kindIs "map" $gateway_modules.edgeGateway) -}}
{{- $gateway_modules_edgeGateway_loadBalancer := ternary $gateway_modules_edgeGateway.loadBalancer dict (kindIs "map" $gateway_modules_edgeGateway.loadBalancer) -}}

{{- /* tls-needs-1.12 */ -}}
{{- if le $kubeedge 11 -}}
{{- if has $values.profile (list "one-way" "one-way-verified" "mtls") -}}
{{- $problems = append $problems (dict "where" $where "key" "profile" "says" (printf "KubeEdge %s cannot serve the endpoint over TLS (use profile plain, or KubeEdge 1.12 or newer)" (include "edgemesh.common.host" $values.kubeedgeVersion)) "code" "tls-needs-1.12") -}}
{{- end -}}
{{- end -}}

{{- /* skip-verify-against-profile */ -}}
{{- if has $values.profile (list "one-way-verified" "mtls") -}}
{{- if eq (toJson $agent_kubeAPIConfig_metaServer_security.insecureSkipTLSVerify) "true" -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.kubeAPIConfig.metaServer.security.insecureSkipTLSVerify" "says" (printf "contradicts profile=%s, which verifies the server (remove this key, or use profile one-way)" (include "edgemesh.common.host" $values.profile)) "code" "skip-verify-against-profile") -}}
{{- end -}}
{{- end -}}

{{- /* gateway-skip-verify-against-profile */ -}}
{{- if has $values.profile (list "one-way-verified" "mtls") -}}
{{- if eq (toJson $gateway_kubeAPIConfig_metaServer_security.insecureSkipTLSVerify) "true" -}}
{{- $problems = append $problems (dict "where" $where "key" "gateway.kubeAPIConfig.metaServer.security.insecureSkipTLSVerify" "says" (printf "contradicts profile=%s, which verifies the server (remove this key, or use profile one-way)" (include "edgemesh.common.host" $values.profile)) "code" "gateway-skip-verify-against-profile") -}}
{{- end -}}
{{- end -}}

{{- /* mtls-without-secret */ -}}
{{- if has $values.profile (list "mtls") -}}
{{- if empty $agent.metaServerSecret -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.metaServerSecret" "says" "profile=mtls needs the secret with rootCA.crt, server.crt and server.key (name the secret in agent.metaServerSecret or metaServer.certificateSecret, or use profile one-way-verified)" "code" "mtls-without-secret") -}}
{{- end -}}
{{- end -}}

{{- /* verified-without-secret */ -}}
{{- if and (le $kubeedge 16) (has $values.profile (list "one-way-verified")) (and (not (kindIs "invalid" $agent_kubeAPIConfig_metaServer_security.tlsCaFile)) (regexMatch "^/etc/edgemesh/metaserver/" (toString $agent_kubeAPIConfig_metaServer_security.tlsCaFile))) -}}
{{- if empty $agent.metaServerSecret -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.metaServerSecret" "says" "profile=one-way-verified needs the secret with rootCA.crt up to KubeEdge 1.16 (name the secret in agent.metaServerSecret or metaServer.certificateSecret)" "code" "verified-without-secret") -}}
{{- end -}}
{{- end -}}

{{- /* mtls-without-client-certificate */ -}}
{{- if has $values.profile (list "mtls") -}}
{{- if has (ternary "unset" $agent_kubeAPIConfig_metaServer_security.tlsCertFile (kindIs "invalid" $agent_kubeAPIConfig_metaServer_security.tlsCertFile)) (list "") -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.kubeAPIConfig.metaServer.security.tlsCertFile" "says" "profile=mtls shows a client certificate, this key takes it away (remove this key, or use profile one-way-verified)" "code" "mtls-without-client-certificate") -}}
{{- end -}}
{{- end -}}

{{- /* authorization-against-profile */ -}}
{{- if has $values.profile (list "one-way" "one-way-verified" "mtls") -}}
{{- if eq (toJson (ternary false $agent_kubeAPIConfig_metaServer_security.requireAuthorization (kindIs "invalid" $agent_kubeAPIConfig_metaServer_security.requireAuthorization))) "false" -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.kubeAPIConfig.metaServer.security.requireAuthorization" "says" (printf "contradicts profile=%s, which needs it true (remove this key, or use profile plain)" (include "edgemesh.common.host" $values.profile)) "code" "authorization-against-profile") -}}
{{- end -}}
{{- end -}}

{{- /* gateway-authorization-against-profile */ -}}
{{- if and (eq (toJson $gateway.enable) "true") (has $values.profile (list "one-way" "one-way-verified" "mtls")) -}}
{{- if eq (toJson (ternary true $gateway_kubeAPIConfig_metaServer_security.requireAuthorization (kindIs "invalid" $gateway_kubeAPIConfig_metaServer_security.requireAuthorization))) "false" -}}
{{- $problems = append $problems (dict "where" $where "key" "gateway.kubeAPIConfig.metaServer.security.requireAuthorization" "says" (printf "contradicts profile=%s, which needs it true (remove this key, or use profile plain)" (include "edgemesh.common.host" $values.profile)) "code" "gateway-authorization-against-profile") -}}
{{- end -}}
{{- end -}}

{{- /* plain-with-authorization */ -}}
{{- if has $values.profile (list "plain") -}}
{{- if eq (toJson $agent_kubeAPIConfig_metaServer_security.requireAuthorization) "true" -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.kubeAPIConfig.metaServer.security.requireAuthorization" "says" "contradicts profile=plain, which speaks http (remove this key, or use profile one-way-verified)" "code" "plain-with-authorization") -}}
{{- end -}}
{{- end -}}

{{- /* plain-with-gateway-authorization */ -}}
{{- if has $values.profile (list "plain") -}}
{{- if eq (toJson $gateway_kubeAPIConfig_metaServer_security.requireAuthorization) "true" -}}
{{- $problems = append $problems (dict "where" $where "key" "gateway.kubeAPIConfig.metaServer.security.requireAuthorization" "says" "contradicts profile=plain, which speaks http (remove this key, or use profile one-way-verified)" "code" "plain-with-gateway-authorization") -}}
{{- end -}}
{{- end -}}

{{- /* authorization-without-trust */ -}}
{{- if and (eq (toJson (ternary false $agent_kubeAPIConfig_metaServer_security.insecureSkipTLSVerify (kindIs "invalid" $agent_kubeAPIConfig_metaServer_security.insecureSkipTLSVerify))) "false") (empty $agent.metaServerSecret) (empty $agent_kubeAPIConfig_metaServer_security.tlsCaFile) (and (not (kindIs "invalid" (ternary "unset" $values.profile (kindIs "invalid" $values.profile)))) (not (has (ternary "unset" $values.profile (kindIs "invalid" $values.profile)) (list "mtls")))) -}}
{{- if eq (toJson $agent_kubeAPIConfig_metaServer_security.requireAuthorization) "true" -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.kubeAPIConfig.metaServer.security.requireAuthorization" "says" "the agent would exit at start, it finds no certificates under /etc/edgemesh/metaserver (set agent.metaServerSecret, or …security.insecureSkipTLSVerify=true, or profile one-way-verified)" "code" "authorization-without-trust") -}}
{{- end -}}
{{- end -}}

{{- /* authorization-without-client-certificate */ -}}
{{- if and (eq (toJson $agent_kubeAPIConfig_metaServer_security.requireAuthorization) "true") (eq (toJson (ternary false $agent_kubeAPIConfig_metaServer_security.insecureSkipTLSVerify (kindIs "invalid" $agent_kubeAPIConfig_metaServer_security.insecureSkipTLSVerify))) "false") (not (empty $agent_kubeAPIConfig_metaServer_security.tlsCaFile)) (empty $agent.metaServerSecret) -}}
{{- if kindIs "invalid" $agent_kubeAPIConfig_metaServer_security.tlsCertFile -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.kubeAPIConfig.metaServer.security.tlsCertFile" "says" "the agent would exit at start, it looks for /etc/edgemesh/metaserver/server.crt unless told otherwise (set tlsCertFile and tlsPrivateKeyFile to \"\" for no client certificate, or agent.metaServerSecret)" "code" "authorization-without-client-certificate") -}}
{{- end -}}
{{- end -}}

{{- /* gateway-authorization-without-trust */ -}}
{{- if and (eq (toJson $gateway.enable) "true") (eq (toJson (ternary false $gateway_kubeAPIConfig_metaServer_security.insecureSkipTLSVerify (kindIs "invalid" $gateway_kubeAPIConfig_metaServer_security.insecureSkipTLSVerify))) "false") (eq (toJson (ternary false $agent_kubeAPIConfig_metaServer_security.insecureSkipTLSVerify (kindIs "invalid" $agent_kubeAPIConfig_metaServer_security.insecureSkipTLSVerify))) "false") (empty $gateway.metaServerSecret) (empty $agent.metaServerSecret) (empty $gateway_kubeAPIConfig_metaServer_security.tlsCaFile) (empty $agent_kubeAPIConfig_metaServer_security.tlsCaFile) -}}
{{- if eq (toJson $gateway_kubeAPIConfig_metaServer_security.requireAuthorization) "true" -}}
{{- $problems = append $problems (dict "where" $where "key" "gateway.kubeAPIConfig.metaServer.security.requireAuthorization" "says" "the gateway would exit at start, it finds no certificates under /etc/edgemesh/metaserver (set gateway.metaServerSecret, or …security.insecureSkipTLSVerify=true, or profile one-way-verified)" "code" "gateway-authorization-without-trust") -}}
{{- end -}}
{{- end -}}

{{- /* client-issuer */ -}}
{{- if empty $metaServer_clientCertificate_certManager_issuerRef.name -}}
{{- if eq (toJson $metaServer_clientCertificate_certManager.enable) "true" -}}
{{- $problems = append $problems (dict "where" $where "key" "metaServer.clientCertificate.certManager.issuerRef.name" "says" "cert-manager needs the name of the issuer that signs (name an Issuer or ClusterIssuer)" "code" "client-issuer") -}}
{{- end -}}
{{- end -}}

{{- /* object-name */ -}}
{{- if and (not (kindIs "invalid" (ternary "" $values.fullnameOverride (kindIs "invalid" $values.fullnameOverride)))) (not (regexMatch "^([a-z0-9]([-a-z0-9]*[a-z0-9])?)?$" (toString (ternary "" $values.fullnameOverride (kindIs "invalid" $values.fullnameOverride))))) -}}
{{- $problems = append $problems (dict "where" $where "key" "fullnameOverride" "says" (printf "must be a name of lower case letters, digits and - (got %s)" (include "edgemesh.common.shown" (ternary "" $values.fullnameOverride (kindIs "invalid" $values.fullnameOverride)))) "code" "object-name") -}}
{{- end -}}

{{- /* label-name */ -}}
{{- if and (not (kindIs "invalid" (ternary "" $values.nameOverride (kindIs "invalid" $values.nameOverride)))) (not (regexMatch "^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$" (toString (ternary "" $values.nameOverride (kindIs "invalid" $values.nameOverride))))) -}}
{{- $problems = append $problems (dict "where" $where "key" "nameOverride" "says" (printf "must be a label, at most 63 letters, digits, -, _ and . (got %s)" (include "edgemesh.common.shown" (ternary "" $values.nameOverride (kindIs "invalid" $values.nameOverride)))) "code" "label-name") -}}
{{- end -}}

{{- /* cluster-domain */ -}}
{{- if eq (toJson (ternary true $agent.enable (kindIs "invalid" $agent.enable))) "true" -}}
{{- if and (not (kindIs "invalid" $cluster.domain)) (not (has $cluster.domain (list "cluster.local"))) -}}
{{- $problems = append $problems (dict "where" $where "key" "cluster.domain" "says" (printf "EdgeMesh answers for cluster.local only, it has the domain compiled in (got %s) (use cluster.local, or agent.enable=false without EdgeMesh)" (include "edgemesh.common.shown" $cluster.domain)) "code" "cluster-domain") -}}
{{- end -}}
{{- end -}}

{{- /* agent-server-without-scheme */ -}}
{{- if and (not (kindIs "invalid" (ternary "http://" $agent_kubeAPIConfig_metaServer.server (kindIs "invalid" $agent_kubeAPIConfig_metaServer.server)))) (not (regexMatch "^https?://" (toString (ternary "http://" $agent_kubeAPIConfig_metaServer.server (kindIs "invalid" $agent_kubeAPIConfig_metaServer.server))))) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.kubeAPIConfig.metaServer.server" "says" (printf "must begin with http:// or https:// (got %s) (for example http://127.0.0.1:10550)" (include "edgemesh.common.shown" (ternary "http://" $agent_kubeAPIConfig_metaServer.server (kindIs "invalid" $agent_kubeAPIConfig_metaServer.server)))) "code" "agent-server-without-scheme") -}}
{{- end -}}

{{- /* gateway-server-without-scheme */ -}}
{{- if and (not (kindIs "invalid" (ternary "http://" $gateway_kubeAPIConfig_metaServer.server (kindIs "invalid" $gateway_kubeAPIConfig_metaServer.server)))) (not (regexMatch "^https?://" (toString (ternary "http://" $gateway_kubeAPIConfig_metaServer.server (kindIs "invalid" $gateway_kubeAPIConfig_metaServer.server))))) -}}
{{- $problems = append $problems (dict "where" $where "key" "gateway.kubeAPIConfig.metaServer.server" "says" (printf "must begin with http:// or https:// (got %s) (for example http://127.0.0.1:10550)" (include "edgemesh.common.shown" (ternary "http://" $gateway_kubeAPIConfig_metaServer.server (kindIs "invalid" $gateway_kubeAPIConfig_metaServer.server)))) "code" "gateway-server-without-scheme") -}}
{{- end -}}

{{- /* bridge-is-dummy-address */ -}}
{{- if eq (toJson $agent_commonConfig.bridgeDeviceIP) (toJson (ternary "" $metaServer.dummyAddress (has (toString $metaServer.dummyAddress) (list "" "<nil>")))) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.commonConfig.bridgeDeviceIP" "says" (printf "equals metaServer.dummyAddress; EdgeMesh's device and the endpoint's need an address each (got %s) (the defaults are 169.254.96.16 and 169.254.30.10)" (include "edgemesh.common.shown" $agent_commonConfig.bridgeDeviceIP)) "code" "bridge-is-dummy-address") -}}
{{- end -}}

{{- /* bridge-address */ -}}
{{- if and (not (kindIs "invalid" $agent_commonConfig.bridgeDeviceIP)) (not (regexMatch $pattern1 (toString $agent_commonConfig.bridgeDeviceIP))) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.commonConfig.bridgeDeviceIP" "says" (printf "must be an IPv4 address, the agent exits on anything else (got %s) (for example 169.254.96.16)" (include "edgemesh.common.shown" $agent_commonConfig.bridgeDeviceIP)) "code" "bridge-address") -}}
{{- end -}}

{{- /* quic-with-psk */ -}}
{{- if eq (toJson (ternary true $agent_modules_edgeTunnel_psk.enable (kindIs "invalid" $agent_modules_edgeTunnel_psk.enable))) "true" -}}
{{- if has $agent_modules_edgeTunnel.transport (list "quic") -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.modules.edgeTunnel.transport" "says" "quic cannot start with a PSK, libp2p refuses it on a private network (use tcp or ws, or set agent.modules.edgeTunnel.psk.enable=false)" "code" "quic-with-psk") -}}
{{- end -}}
{{- end -}}

{{- /* gateway-quic-with-psk */ -}}
{{- if eq (toJson (ternary true $gateway_modules_edgeTunnel_psk.enable (kindIs "invalid" $gateway_modules_edgeTunnel_psk.enable))) "true" -}}
{{- if has $gateway_modules_edgeTunnel.transport (list "quic") -}}
{{- $problems = append $problems (dict "where" $where "key" "gateway.modules.edgeTunnel.transport" "says" "quic cannot start with a PSK, libp2p refuses it on a private network (use tcp or ws, or set gateway.modules.edgeTunnel.psk.enable=false)" "code" "gateway-quic-with-psk") -}}
{{- end -}}
{{- end -}}

{{- /* transport */ -}}
{{- if and (not (kindIs "invalid" (ternary "tcp" $agent_modules_edgeTunnel.transport (kindIs "invalid" $agent_modules_edgeTunnel.transport)))) (not (has (ternary "tcp" $agent_modules_edgeTunnel.transport (kindIs "invalid" $agent_modules_edgeTunnel.transport)) (list "tcp" "ws" "quic"))) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.modules.edgeTunnel.transport" "says" (printf "must be tcp, ws or quic (got %s)" (include "edgemesh.common.shown" (ternary "tcp" $agent_modules_edgeTunnel.transport (kindIs "invalid" $agent_modules_edgeTunnel.transport)))) "code" "transport") -}}
{{- end -}}

{{- /* gateway-transport */ -}}
{{- if and (not (kindIs "invalid" (ternary "tcp" $gateway_modules_edgeTunnel.transport (kindIs "invalid" $gateway_modules_edgeTunnel.transport)))) (not (has (ternary "tcp" $gateway_modules_edgeTunnel.transport (kindIs "invalid" $gateway_modules_edgeTunnel.transport)) (list "tcp" "ws" "quic"))) -}}
{{- $problems = append $problems (dict "where" $where "key" "gateway.modules.edgeTunnel.transport" "says" (printf "must be tcp, ws or quic (got %s)" (include "edgemesh.common.shown" (ternary "tcp" $gateway_modules_edgeTunnel.transport (kindIs "invalid" $gateway_modules_edgeTunnel.transport)))) "code" "gateway-transport") -}}
{{- end -}}

{{- /* service-filter-mode */ -}}
{{- if ge $edgemesh 13 -}}
{{- if and (not (kindIs "invalid" (ternary "FilterIfLabelExists" $agent_modules_edgeProxy.serviceFilterMode (kindIs "invalid" $agent_modules_edgeProxy.serviceFilterMode)))) (not (has (ternary "FilterIfLabelExists" $agent_modules_edgeProxy.serviceFilterMode (kindIs "invalid" $agent_modules_edgeProxy.serviceFilterMode)) (list "FilterIfLabelExists" "FilterIfLabelDoesNotExists"))) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.modules.edgeProxy.serviceFilterMode" "says" (printf "must be FilterIfLabelExists or FilterIfLabelDoesNotExists (got %s)" (include "edgemesh.common.shown" (ternary "FilterIfLabelExists" $agent_modules_edgeProxy.serviceFilterMode (kindIs "invalid" $agent_modules_edgeProxy.serviceFilterMode)))) "code" "service-filter-mode") -}}
{{- end -}}
{{- end -}}

{{- /* relay-address */ -}}
{{- range $value := $agent_relayNodes_advertiseAddress_all -}}
{{- if and (not (kindIs "invalid" $value)) (not (regexMatch $pattern1 (toString $value))) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.relayNodes[].advertiseAddress[]" "says" (printf "must be an IPv4 address, the agent drops the whole relay node otherwise (got %s)" (include "edgemesh.common.shown" $value)) "code" "relay-address") -}}
{{- end -}}
{{- end -}}

{{- /* module-relay-address */ -}}
{{- range $value := $agent_modules_edgeTunnel_relayNodes_advertiseAddress_all -}}
{{- if and (not (kindIs "invalid" $value)) (not (regexMatch $pattern1 (toString $value))) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.modules.edgeTunnel.relayNodes[].advertiseAddress[]" "says" (printf "must be an IPv4 address, the agent drops the whole relay node otherwise (got %s)" (include "edgemesh.common.shown" $value)) "code" "module-relay-address") -}}
{{- end -}}
{{- end -}}

{{- /* gateway-relay-address */ -}}
{{- range $value := $gateway_relayNodes_advertiseAddress_all -}}
{{- if and (not (kindIs "invalid" $value)) (not (regexMatch $pattern1 (toString $value))) -}}
{{- $problems = append $problems (dict "where" $where "key" "gateway.relayNodes[].advertiseAddress[]" "says" (printf "must be an IPv4 address, the gateway drops the whole relay node otherwise (got %s)" (include "edgemesh.common.shown" $value)) "code" "gateway-relay-address") -}}
{{- end -}}
{{- end -}}

{{- /* relay-nodes-twice */ -}}
{{- if not (empty $agent_modules_edgeTunnel.relayNodes) -}}
{{- if not (empty $agent.relayNodes) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.relayNodes" "says" "is given again in agent.modules.edgeTunnel.relayNodes (keep one of the two)" "code" "relay-nodes-twice") -}}
{{- end -}}
{{- end -}}

{{- /* edge-cni */ -}}
{{- if eq (toJson $agent_modules_edgeCNI.enable) "true" -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.modules.edgeCNI.enable" "says" "edgeCNI and its spiderpool are not carried by this chart (install the CNI with its own chart, and remove this key)" "code" "edge-cni") -}}
{{- end -}}

{{- /* edge-cni-ranges */ -}}
{{- if not (empty $agent.cloudCIDR) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.cloudCIDR" "says" "belongs to edgeCNI, which is not carried by this chart (install the CNI with its own chart, and remove this key)" "code" "edge-cni-ranges") -}}
{{- end -}}

{{- /* edge-cni-ranges */ -}}
{{- if not (empty $agent.edgeCIDR) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.edgeCIDR" "says" "belongs to edgeCNI, which is not carried by this chart (install the CNI with its own chart, and remove this key)" "code" "edge-cni-ranges") -}}
{{- end -}}

{{- /* spiderpool */ -}}
{{- if not (kindIs "invalid" $values.spiderpool) -}}
{{- $problems = append $problems (dict "where" $where "key" "spiderpool" "says" "spiderpool is not carried by this chart (install it with its own chart, and remove this key)" "code" "spiderpool") -}}
{{- end -}}

{{- /* psk-twice */ -}}
{{- if not (empty $agent.psk) -}}
{{- if not (empty $agent.pskSecret) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.pskSecret" "says" "names a secret while agent.psk gives the key itself (keep one of the two)" "code" "psk-twice") -}}
{{- end -}}
{{- end -}}

{{- /* gateway-psk-twice */ -}}
{{- if not (empty $gateway.psk) -}}
{{- if not (empty $gateway.pskSecret) -}}
{{- $problems = append $problems (dict "where" $where "key" "gateway.pskSecret" "says" "names a secret while gateway.psk gives the key itself (keep one of the two)" "code" "gateway-psk-twice") -}}
{{- end -}}
{{- end -}}

{{- /* psk-path */ -}}
{{- if and (not (kindIs "invalid" (ternary "/etc/edgemesh/psk" $agent_modules_edgeTunnel_psk.path (kindIs "invalid" $agent_modules_edgeTunnel_psk.path)))) (not (regexMatch "^(/[^/]+){3,}$" (toString (ternary "/etc/edgemesh/psk" $agent_modules_edgeTunnel_psk.path (kindIs "invalid" $agent_modules_edgeTunnel_psk.path))))) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.modules.edgeTunnel.psk.path" "says" (printf "must lie in a directory of its own, for the secret is mounted over it (got %s) (for example /etc/edgemesh/psk)" (include "edgemesh.common.shown" (ternary "/etc/edgemesh/psk" $agent_modules_edgeTunnel_psk.path (kindIs "invalid" $agent_modules_edgeTunnel_psk.path)))) "code" "psk-path") -}}
{{- end -}}

{{- /* psk-path */ -}}
{{- if and (not (kindIs "invalid" (ternary "/etc/edgemesh/psk" $gateway_modules_edgeTunnel_psk.path (kindIs "invalid" $gateway_modules_edgeTunnel_psk.path)))) (not (regexMatch "^(/[^/]+){3,}$" (toString (ternary "/etc/edgemesh/psk" $gateway_modules_edgeTunnel_psk.path (kindIs "invalid" $gateway_modules_edgeTunnel_psk.path))))) -}}
{{- $problems = append $problems (dict "where" $where "key" "gateway.modules.edgeTunnel.psk.path" "says" (printf "must lie in a directory of its own, for the secret is mounted over it (got %s) (for example /etc/edgemesh/psk)" (include "edgemesh.common.shown" (ternary "/etc/edgemesh/psk" $gateway_modules_edgeTunnel_psk.path (kindIs "invalid" $gateway_modules_edgeTunnel_psk.path)))) "code" "psk-path") -}}
{{- end -}}

{{- /* psk-path-taken */ -}}
{{- if and (not (kindIs "invalid" $agent_modules_edgeTunnel_psk.path)) (regexMatch "^/etc/edgemesh/(config|metaserver)/" (toString $agent_modules_edgeTunnel_psk.path)) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.modules.edgeTunnel.psk.path" "says" (printf "lies where the config or the certificates are mounted (got %s) (for example /etc/edgemesh/psk)" (include "edgemesh.common.shown" $agent_modules_edgeTunnel_psk.path)) "code" "psk-path-taken") -}}
{{- end -}}

{{- /* psk-path-taken */ -}}
{{- if and (not (kindIs "invalid" $gateway_modules_edgeTunnel_psk.path)) (regexMatch "^/etc/edgemesh/(config|metaserver)/" (toString $gateway_modules_edgeTunnel_psk.path)) -}}
{{- $problems = append $problems (dict "where" $where "key" "gateway.modules.edgeTunnel.psk.path" "says" (printf "lies where the config or the certificates are mounted (got %s) (for example /etc/edgemesh/psk)" (include "edgemesh.common.shown" $gateway_modules_edgeTunnel_psk.path)) "code" "psk-path-taken") -}}
{{- end -}}

{{- /* gateway-module-relay-address */ -}}
{{- range $value := $gateway_modules_edgeTunnel_relayNodes_advertiseAddress_all -}}
{{- if and (not (kindIs "invalid" $value)) (not (regexMatch $pattern1 (toString $value))) -}}
{{- $problems = append $problems (dict "where" $where "key" "gateway.modules.edgeTunnel.relayNodes[].advertiseAddress[]" "says" (printf "must be an IPv4 address, the gateway drops the whole relay node otherwise (got %s)" (include "edgemesh.common.shown" $value)) "code" "gateway-module-relay-address") -}}
{{- end -}}
{{- end -}}

{{- /* gateway-relay-nodes-twice */ -}}
{{- if not (empty $gateway_modules_edgeTunnel.relayNodes) -}}
{{- if not (empty $gateway.relayNodes) -}}
{{- $problems = append $problems (dict "where" $where "key" "gateway.relayNodes" "says" "is given again in gateway.modules.edgeTunnel.relayNodes (keep one of the two)" "code" "gateway-relay-nodes-twice") -}}
{{- end -}}
{{- end -}}

{{- /* gateway-node-name */ -}}
{{- if and (not (kindIs "invalid" (ternary "" $gateway.nodeName (kindIs "invalid" $gateway.nodeName)))) (not (regexMatch $pattern2 (toString (ternary "" $gateway.nodeName (kindIs "invalid" $gateway.nodeName))))) -}}
{{- $problems = append $problems (dict "where" $where "key" "gateway.nodeName" "says" (printf "must be the name of a node (got %s)" (include "edgemesh.common.shown" (ternary "" $gateway.nodeName (kindIs "invalid" $gateway.nodeName)))) "code" "gateway-node-name") -}}
{{- end -}}

{{- /* gateway-service-without-ports */ -}}
{{- if eq (toJson $gateway_service.enable) "true" -}}
{{- if empty $gateway_service.ports -}}
{{- $problems = append $problems (dict "where" $where "key" "gateway.service.ports" "says" "the Service needs the ports that the Gateway resources open (for example [{name: http, port: 80}], or gateway.service.enable=false)" "code" "gateway-service-without-ports") -}}
{{- end -}}
{{- end -}}

{{- /* metrics-service-without-metrics */ -}}
{{- if eq (toJson (ternary false $agent_modules_edgeTunnel_metricConfig.enable (kindIs "invalid" $agent_modules_edgeTunnel_metricConfig.enable))) "false" -}}
{{- if eq (toJson $agent_metricsService.enable) "true" -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.metricsService.enable" "says" "there are no metrics while agent.modules.edgeTunnel.metricConfig.enable is off (set both (EdgeMesh 1.15 and newer))" "code" "metrics-service-without-metrics") -}}
{{- end -}}
{{- end -}}

{{- /* gateway-budget-twice */ -}}
{{- if not (kindIs "invalid" $gateway_podDisruptionBudget.minAvailable) -}}
{{- if not (kindIs "invalid" $gateway_podDisruptionBudget.maxUnavailable) -}}
{{- $problems = append $problems (dict "where" $where "key" "gateway.podDisruptionBudget.maxUnavailable" "says" "cannot be given together with gateway.podDisruptionBudget.minAvailable (keep one of the two)" "code" "gateway-budget-twice") -}}
{{- end -}}
{{- end -}}

{{- /* account-without-name */ -}}
{{- if eq (toJson $agent_serviceAccount.create) "false" -}}
{{- if empty $agent_serviceAccount.name -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.serviceAccount.name" "says" "must name the service account that exists, for the chart makes none" "code" "account-without-name") -}}
{{- end -}}
{{- end -}}

{{- /* gateway-account-without-name */ -}}
{{- if eq (toJson $gateway_serviceAccount.create) "false" -}}
{{- if empty $gateway_serviceAccount.name -}}
{{- $problems = append $problems (dict "where" $where "key" "gateway.serviceAccount.name" "says" "must name the service account that exists, for the chart makes none" "code" "gateway-account-without-name") -}}
{{- end -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- if not (kindIs "invalid" $agent_kubeAPIConfig.mode) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.kubeAPIConfig.mode" "says" "EdgeMesh sets this field itself and breaks on another value (remove it)" "code" "agent-sets-itself") -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- if not (kindIs "invalid" $agent_modules_edgeDNS.kubeAPIConfig) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.modules.edgeDNS.kubeAPIConfig" "says" "EdgeMesh sets this field itself and breaks on another value (remove it)" "code" "agent-sets-itself") -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- if not (kindIs "invalid" $agent_modules_edgeDNS.listenInterface) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.modules.edgeDNS.listenInterface" "says" "EdgeMesh sets this field itself and breaks on another value (remove it)" "code" "agent-sets-itself") -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- if not (kindIs "invalid" $agent_modules_edgeProxy.listenInterface) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.modules.edgeProxy.listenInterface" "says" "EdgeMesh sets this field itself and breaks on another value (remove it)" "code" "agent-sets-itself") -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- if not (kindIs "invalid" $agent_modules_edgeProxy_socks5Proxy.nodeName) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.modules.edgeProxy.socks5Proxy.nodeName" "says" "EdgeMesh sets this field itself and breaks on another value (remove it)" "code" "agent-sets-itself") -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- if not (kindIs "invalid" $agent_modules_edgeProxy_socks5Proxy.namespace) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.modules.edgeProxy.socks5Proxy.namespace" "says" "EdgeMesh sets this field itself and breaks on another value (remove it)" "code" "agent-sets-itself") -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- if not (kindIs "invalid" $agent_modules_edgeProxy_loadBalancer.caller) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.modules.edgeProxy.loadBalancer.caller" "says" "EdgeMesh sets this field itself and breaks on another value (remove it)" "code" "agent-sets-itself") -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- if not (kindIs "invalid" $agent_modules_edgeProxy_loadBalancer.nodeName) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.modules.edgeProxy.loadBalancer.nodeName" "says" "EdgeMesh sets this field itself and breaks on another value (remove it)" "code" "agent-sets-itself") -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- if not (kindIs "invalid" $agent_modules_edgeTunnel.mode) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.modules.edgeTunnel.mode" "says" "EdgeMesh sets this field itself and breaks on another value (remove it)" "code" "agent-sets-itself") -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- if not (kindIs "invalid" $agent_modules_edgeTunnel.nodeName) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.modules.edgeTunnel.nodeName" "says" "EdgeMesh sets this field itself and breaks on another value (remove it)" "code" "agent-sets-itself") -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- if not (kindIs "invalid" $agent_modules_edgeTunnel.configPath) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.modules.edgeTunnel.configPath" "says" "EdgeMesh sets this field itself and breaks on another value (remove it)" "code" "agent-sets-itself") -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- if not (kindIs "invalid" $agent_modules_edgeCNI.encapsulationIP) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.modules.edgeCNI.encapsulationIP" "says" "EdgeMesh sets this field itself and breaks on another value (remove it)" "code" "agent-sets-itself") -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- if not (kindIs "invalid" $gateway_kubeAPIConfig.mode) -}}
{{- $problems = append $problems (dict "where" $where "key" "gateway.kubeAPIConfig.mode" "says" "EdgeMesh sets this field itself and breaks on another value (remove it)" "code" "agent-sets-itself") -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- if not (kindIs "invalid" $gateway_modules_edgeTunnel.mode) -}}
{{- $problems = append $problems (dict "where" $where "key" "gateway.modules.edgeTunnel.mode" "says" "EdgeMesh sets this field itself and breaks on another value (remove it)" "code" "agent-sets-itself") -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- if not (kindIs "invalid" $gateway_modules_edgeTunnel.nodeName) -}}
{{- $problems = append $problems (dict "where" $where "key" "gateway.modules.edgeTunnel.nodeName" "says" "EdgeMesh sets this field itself and breaks on another value (remove it)" "code" "agent-sets-itself") -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- if not (kindIs "invalid" $gateway_modules_edgeTunnel.configPath) -}}
{{- $problems = append $problems (dict "where" $where "key" "gateway.modules.edgeTunnel.configPath" "says" "EdgeMesh sets this field itself and breaks on another value (remove it)" "code" "agent-sets-itself") -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- if not (kindIs "invalid" $gateway_modules_edgeGateway_loadBalancer.caller) -}}
{{- $problems = append $problems (dict "where" $where "key" "gateway.modules.edgeGateway.loadBalancer.caller" "says" "EdgeMesh sets this field itself and breaks on another value (remove it)" "code" "agent-sets-itself") -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- if not (kindIs "invalid" $gateway_modules_edgeGateway_loadBalancer.nodeName) -}}
{{- $problems = append $problems (dict "where" $where "key" "gateway.modules.edgeGateway.loadBalancer.nodeName" "says" "EdgeMesh sets this field itself and breaks on another value (remove it)" "code" "agent-sets-itself") -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- if not (kindIs "invalid" $agent_kubeAPIConfig.Mode) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.kubeAPIConfig.Mode" "says" "EdgeMesh sets this field itself and breaks on another value (remove it)" "code" "agent-sets-itself") -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- if not (kindIs "invalid" $agent_modules_edgeDNS.KubeAPIConfig) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.modules.edgeDNS.KubeAPIConfig" "says" "EdgeMesh sets this field itself and breaks on another value (remove it)" "code" "agent-sets-itself") -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- if not (kindIs "invalid" $agent_modules_edgeDNS.ListenInterface) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.modules.edgeDNS.ListenInterface" "says" "EdgeMesh sets this field itself and breaks on another value (remove it)" "code" "agent-sets-itself") -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- if not (kindIs "invalid" $agent_modules_edgeProxy.ListenInterface) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.modules.edgeProxy.ListenInterface" "says" "EdgeMesh sets this field itself and breaks on another value (remove it)" "code" "agent-sets-itself") -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- if not (kindIs "invalid" $agent_modules_edgeProxy_socks5Proxy.NodeName) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.modules.edgeProxy.socks5Proxy.NodeName" "says" "EdgeMesh sets this field itself and breaks on another value (remove it)" "code" "agent-sets-itself") -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- if not (kindIs "invalid" $agent_modules_edgeProxy_socks5Proxy.Namespace) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.modules.edgeProxy.socks5Proxy.Namespace" "says" "EdgeMesh sets this field itself and breaks on another value (remove it)" "code" "agent-sets-itself") -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- if not (kindIs "invalid" $agent_modules_edgeProxy_loadBalancer.Caller) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.modules.edgeProxy.loadBalancer.Caller" "says" "EdgeMesh sets this field itself and breaks on another value (remove it)" "code" "agent-sets-itself") -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- if not (kindIs "invalid" $agent_modules_edgeProxy_loadBalancer.NodeName) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.modules.edgeProxy.loadBalancer.NodeName" "says" "EdgeMesh sets this field itself and breaks on another value (remove it)" "code" "agent-sets-itself") -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- if not (kindIs "invalid" $agent_modules_edgeTunnel.Mode) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.modules.edgeTunnel.Mode" "says" "EdgeMesh sets this field itself and breaks on another value (remove it)" "code" "agent-sets-itself") -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- if not (kindIs "invalid" $agent_modules_edgeTunnel.NodeName) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.modules.edgeTunnel.NodeName" "says" "EdgeMesh sets this field itself and breaks on another value (remove it)" "code" "agent-sets-itself") -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- if not (kindIs "invalid" $gateway_kubeAPIConfig.Mode) -}}
{{- $problems = append $problems (dict "where" $where "key" "gateway.kubeAPIConfig.Mode" "says" "EdgeMesh sets this field itself and breaks on another value (remove it)" "code" "agent-sets-itself") -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- if not (kindIs "invalid" $gateway_modules_edgeTunnel.Mode) -}}
{{- $problems = append $problems (dict "where" $where "key" "gateway.modules.edgeTunnel.Mode" "says" "EdgeMesh sets this field itself and breaks on another value (remove it)" "code" "agent-sets-itself") -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- if not (kindIs "invalid" $gateway_modules_edgeTunnel.NodeName) -}}
{{- $problems = append $problems (dict "where" $where "key" "gateway.modules.edgeTunnel.NodeName" "says" "EdgeMesh sets this field itself and breaks on another value (remove it)" "code" "agent-sets-itself") -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- if not (kindIs "invalid" $gateway_modules_edgeGateway_loadBalancer.Caller) -}}
{{- $problems = append $problems (dict "where" $where "key" "gateway.modules.edgeGateway.loadBalancer.Caller" "says" "EdgeMesh sets this field itself and breaks on another value (remove it)" "code" "agent-sets-itself") -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- if not (kindIs "invalid" $gateway_modules_edgeGateway_loadBalancer.NodeName) -}}
{{- $problems = append $problems (dict "where" $where "key" "gateway.modules.edgeGateway.loadBalancer.NodeName" "says" "EdgeMesh sets this field itself and breaks on another value (remove it)" "code" "agent-sets-itself") -}}
{{- end -}}

{{- /* agent-kubeconfig-path */ -}}
{{- if and (not (kindIs "invalid" (ternary "" $agent_kubeAPIConfig.kubeConfig (kindIs "invalid" $agent_kubeAPIConfig.kubeConfig)))) (not (regexMatch "^(/.*)?$" (toString (ternary "" $agent_kubeAPIConfig.kubeConfig (kindIs "invalid" $agent_kubeAPIConfig.kubeConfig))))) -}}
{{- $problems = append $problems (dict "where" $where "key" "agent.kubeAPIConfig.kubeConfig" "says" (printf "must be an absolute path (got %s)" (include "edgemesh.common.shown" (ternary "" $agent_kubeAPIConfig.kubeConfig (kindIs "invalid" $agent_kubeAPIConfig.kubeConfig)))) "code" "agent-kubeconfig-path") -}}
{{- end -}}

{{- /* agent-kubeconfig-path */ -}}
{{- if and (not (kindIs "invalid" (ternary "" $gateway_kubeAPIConfig.kubeConfig (kindIs "invalid" $gateway_kubeAPIConfig.kubeConfig)))) (not (regexMatch "^(/.*)?$" (toString (ternary "" $gateway_kubeAPIConfig.kubeConfig (kindIs "invalid" $gateway_kubeAPIConfig.kubeConfig))))) -}}
{{- $problems = append $problems (dict "where" $where "key" "gateway.kubeAPIConfig.kubeConfig" "says" (printf "must be an absolute path (got %s)" (include "edgemesh.common.shown" (ternary "" $gateway_kubeAPIConfig.kubeConfig (kindIs "invalid" $gateway_kubeAPIConfig.kubeConfig)))) "code" "agent-kubeconfig-path") -}}
{{- end -}}

{{- /* endpoint-address */ -}}
{{- if and (not (kindIs "invalid" $metaServer.address)) (not (regexMatch "^([0-9.]+|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*|localhost)$" (toString $metaServer.address))) -}}
{{- $problems = append $problems (dict "where" $where "key" "metaServer.address" "says" (printf "must be an IP address, without scheme and port (got %s) (for example 127.0.0.1)" (include "edgemesh.common.shown" $metaServer.address)) "code" "endpoint-address") -}}
{{- end -}}

{{- /* server-unverified */ -}}
{{- if eq (toJson $agent_kubeAPIConfig_metaServer_security.requireAuthorization) "true" -}}
{{- if eq (toJson $agent_kubeAPIConfig_metaServer_security.insecureSkipTLSVerify) "true" -}}
{{- $warnings = append $warnings (dict "where" $where "key" "agent.kubeAPIConfig.metaServer.security.insecureSkipTLSVerify" "says" "the agent sends its token to whoever listens on the endpoint's port, it verifies nothing (use profile one-way-verified)" "code" "server-unverified") -}}
{{- end -}}
{{- end -}}

{{- /* edge-dns-off */ -}}
{{- if eq (toJson $agent_modules_edgeDNS.enable) "false" -}}
{{- $warnings = append $warnings (dict "where" $where "key" "agent.modules.edgeDNS.enable" "says" "names of Services are not resolved on edge nodes, for this key holds for cloud and edge nodes alike (remove it; cloud nodes have it off by themselves, or set it in agent.cloudNodes)" "code" "edge-dns-off") -}}
{{- end -}}

{{- /* security-without-authorization */ -}}
{{- if not (kindIs "invalid" $agent_kubeAPIConfig_metaServer_security.insecureSkipTLSVerify) -}}
{{- if eq (toJson (ternary false $agent_kubeAPIConfig_metaServer_security.requireAuthorization (kindIs "invalid" $agent_kubeAPIConfig_metaServer_security.requireAuthorization))) "false" -}}
{{- $warnings = append $warnings (dict "where" $where "key" "agent.kubeAPIConfig.metaServer.security" "says" "has no effect while requireAuthorization is off (set requireAuthorization=true, or a profile)" "code" "security-without-authorization") -}}
{{- end -}}
{{- end -}}

{{- /* security-without-authorization */ -}}
{{- if not (kindIs "invalid" $agent_kubeAPIConfig_metaServer_security.tlsCaFile) -}}
{{- if eq (toJson (ternary false $agent_kubeAPIConfig_metaServer_security.requireAuthorization (kindIs "invalid" $agent_kubeAPIConfig_metaServer_security.requireAuthorization))) "false" -}}
{{- $warnings = append $warnings (dict "where" $where "key" "agent.kubeAPIConfig.metaServer.security" "says" "has no effect while requireAuthorization is off (set requireAuthorization=true, or a profile)" "code" "security-without-authorization") -}}
{{- end -}}
{{- end -}}

{{- /* security-without-authorization */ -}}
{{- if not (kindIs "invalid" $agent_kubeAPIConfig_metaServer_security.tlsCertFile) -}}
{{- if eq (toJson (ternary false $agent_kubeAPIConfig_metaServer_security.requireAuthorization (kindIs "invalid" $agent_kubeAPIConfig_metaServer_security.requireAuthorization))) "false" -}}
{{- $warnings = append $warnings (dict "where" $where "key" "agent.kubeAPIConfig.metaServer.security" "says" "has no effect while requireAuthorization is off (set requireAuthorization=true, or a profile)" "code" "security-without-authorization") -}}
{{- end -}}
{{- end -}}

{{- /* security-without-authorization */ -}}
{{- if not (kindIs "invalid" $agent_kubeAPIConfig_metaServer_security.tlsPrivateKeyFile) -}}
{{- if eq (toJson (ternary false $agent_kubeAPIConfig_metaServer_security.requireAuthorization (kindIs "invalid" $agent_kubeAPIConfig_metaServer_security.requireAuthorization))) "false" -}}
{{- $warnings = append $warnings (dict "where" $where "key" "agent.kubeAPIConfig.metaServer.security" "says" "has no effect while requireAuthorization is off (set requireAuthorization=true, or a profile)" "code" "security-without-authorization") -}}
{{- end -}}
{{- end -}}

{{- /* public-psk */ -}}
{{- if and (not (kindIs "invalid" $agent.psk)) (regexMatch "^JugH9HP1XBouyO5pWGeZa8LtipDURrf1" (toString $agent.psk)) -}}
{{- $warnings = append $warnings (dict "where" $where "key" "agent.psk" "says" "is the key printed in the upstream chart; whoever knows it can join the network (make one with `openssl rand -base64 32`)" "code" "public-psk") -}}
{{- end -}}

{{- /* public-psk */ -}}
{{- if and (not (kindIs "invalid" $gateway.psk)) (regexMatch "^JugH9HP1XBouyO5pWGeZa8LtipDURrf1" (toString $gateway.psk)) -}}
{{- $warnings = append $warnings (dict "where" $where "key" "gateway.psk" "says" "is the key printed in the upstream chart; whoever knows it can join the network (make one with `openssl rand -base64 32`)" "code" "public-psk") -}}
{{- end -}}

{{- /* psk-differs */ -}}
{{- if and (and (not (kindIs "invalid" $gateway.psk)) (not (eq (toJson $gateway.psk) (toJson (ternary "" $agent.psk (has (toString $agent.psk) (list "" "<nil>"))))))) (eq (toJson $gateway.enable) "true") (not (empty $agent.psk)) -}}
{{- if not (empty $gateway.psk) -}}
{{- $warnings = append $warnings (dict "where" $where "key" "gateway.psk" "says" "differs from agent.psk; only members with the same key reach each other (leave it out)" "code" "psk-differs") -}}
{{- end -}}
{{- end -}}

{{- /* secret-without-authorization */ -}}
{{- if eq (toJson (ternary false $agent_kubeAPIConfig_metaServer_security.requireAuthorization (kindIs "invalid" $agent_kubeAPIConfig_metaServer_security.requireAuthorization))) "false" -}}
{{- if not (empty $agent.metaServerSecret) -}}
{{- $warnings = append $warnings (dict "where" $where "key" "agent.metaServerSecret" "says" "is not mounted while requireAuthorization is off (set agent.kubeAPIConfig.metaServer.security.requireAuthorization=true, or a profile)" "code" "secret-without-authorization") -}}
{{- end -}}
{{- end -}}

{{- /* https-without-authorization */ -}}
{{- if eq (toJson (ternary false $agent_kubeAPIConfig_metaServer_security.requireAuthorization (kindIs "invalid" $agent_kubeAPIConfig_metaServer_security.requireAuthorization))) "false" -}}
{{- if and (not (kindIs "invalid" $agent_kubeAPIConfig_metaServer.server)) (regexMatch "^https://" (toString $agent_kubeAPIConfig_metaServer.server)) -}}
{{- $warnings = append $warnings (dict "where" $where "key" "agent.kubeAPIConfig.metaServer.server" "says" "the agent has no certificate authority for https and sends no token while requireAuthorization is off (set requireAuthorization=true, or a profile)" "code" "https-without-authorization") -}}
{{- end -}}
{{- end -}}

{{- /* content-type */ -}}
{{- if eq (toJson (ternary true $agent.enable (kindIs "invalid" $agent.enable))) "true" -}}
{{- if and (not (kindIs "invalid" (ternary "application/json" $agent_kubeAPIConfig.contentType (kindIs "invalid" $agent_kubeAPIConfig.contentType)))) (not (has (ternary "application/json" $agent_kubeAPIConfig.contentType (kindIs "invalid" $agent_kubeAPIConfig.contentType)) (list "application/json"))) -}}
{{- $warnings = append $warnings (dict "where" $where "key" "agent.kubeAPIConfig.contentType" "says" "the endpoint answers 406 to anything but JSON, so the agents of edge nodes read nothing (remove it; cloud nodes use protobuf by themselves)" "code" "content-type") -}}
{{- end -}}
{{- end -}}

{{- /* endpoint-passed-over */ -}}
{{- if eq (toJson (ternary true $agent.enable (kindIs "invalid" $agent.enable))) "true" -}}
{{- if not (empty $agent_kubeAPIConfig.master) -}}
{{- $warnings = append $warnings (dict "where" $where "key" "agent.kubeAPIConfig.master" "says" "edge nodes then pass the endpoint over, and what is said of metaServer has no effect (remove it, or set it in agent.cloudNodes)" "code" "endpoint-passed-over") -}}
{{- end -}}
{{- end -}}

{{- /* endpoint-passed-over */ -}}
{{- if eq (toJson (ternary true $agent.enable (kindIs "invalid" $agent.enable))) "true" -}}
{{- if not (empty $agent_kubeAPIConfig.kubeConfig) -}}
{{- $warnings = append $warnings (dict "where" $where "key" "agent.kubeAPIConfig.kubeConfig" "says" "edge nodes then pass the endpoint over, and what is said of metaServer has no effect (remove it, or set it in agent.cloudNodes)" "code" "endpoint-passed-over") -}}
{{- end -}}
{{- end -}}

{{- /* client-issuer-of-the-cluster */ -}}
{{- if ge $kubeedge 17 -}}
{{- if eq (toJson $metaServer_clientCertificate_certManager.enable) "true" -}}
{{- $warnings = append $warnings (dict "where" $where "key" "metaServer.clientCertificate.certManager.enable" "says" "the issuer must be the cluster's own authority, edgecore refuses certificates of any other (give the issuer the cluster's authority, or have the pair signed by `generator certs issue --signer csr`)" "code" "client-issuer-of-the-cluster") -}}
{{- end -}}
{{- end -}}
{{- $_ := set $site "problems" (concat $site.problems $problems) -}}
{{- $_ := set $site "warnings" (concat $site.warnings $warnings) -}}
{{- end -}}
