{{/* Written by `generator charts` from generator/tables/rules.yaml: what this chart rejects, or warns of.

  edgemesh.rules root values where
    append to .Values._site.problems and .warnings what the rules find in the values; `where` stands before
    the key in the message
*/}}

{{- define "edgemesh.rules" -}}
{{- $site := .root.Values._site -}}
{{- $values := .values -}}
{{- $where := .where -}}
{{- $problems := list -}}
{{- $warnings := list -}}
{{- $kubeedge := $site.kubeedge | trimPrefix "1." | int -}}
{{- $edgemesh := $site.edgemesh | trimPrefix "1." | int -}}
{{- $number := list "float64" "int" "int64" -}}
{{- /* Sections. One that is not a map counts as empty here: the field table rejects it. */ -}}
{{- $pattern1 := "^((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3})$" -}}
{{- $pattern2 := "^(([a-z0-9]([-a-z0-9]*[a-z0-9])?)(\\.([a-z0-9]([-a-z0-9]*[a-z0-9])?))*)$" -}}
{{- $pattern3 := "^((((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3})|((([0-9A-Fa-f]{1,4}):){7}([0-9A-Fa-f]{1,4})|(([0-9A-Fa-f]{1,4}):){1,7}:|(([0-9A-Fa-f]{1,4}):){1,6}:([0-9A-Fa-f]{1,4})|(([0-9A-Fa-f]{1,4}):){1,5}(:([0-9A-Fa-f]{1,4})){2}|(([0-9A-Fa-f]{1,4}):){1,4}(:([0-9A-Fa-f]{1,4})){3}|(([0-9A-Fa-f]{1,4}):){1,3}(:([0-9A-Fa-f]{1,4})){4}|(([0-9A-Fa-f]{1,4}):){1,2}(:([0-9A-Fa-f]{1,4})){5}|([0-9A-Fa-f]{1,4}):(:([0-9A-Fa-f]{1,4})){6}|:((:([0-9A-Fa-f]{1,4})){1,7}|:)|(([0-9A-Fa-f]{1,4}):){6}((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3})|::(([0-9A-Fa-f]{1,4}):){0,5}((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3})|(([0-9A-Fa-f]{1,4}):){1,5}:(([0-9A-Fa-f]{1,4}):){0,4}((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3})))|((((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3})|\\[((([0-9A-Fa-f]{1,4}):){7}([0-9A-Fa-f]{1,4})|(([0-9A-Fa-f]{1,4}):){1,7}:|(([0-9A-Fa-f]{1,4}):){1,6}:([0-9A-Fa-f]{1,4})|(([0-9A-Fa-f]{1,4}):){1,5}(:([0-9A-Fa-f]{1,4})){2}|(([0-9A-Fa-f]{1,4}):){1,4}(:([0-9A-Fa-f]{1,4})){3}|(([0-9A-Fa-f]{1,4}):){1,3}(:([0-9A-Fa-f]{1,4})){4}|(([0-9A-Fa-f]{1,4}):){1,2}(:([0-9A-Fa-f]{1,4})){5}|([0-9A-Fa-f]{1,4}):(:([0-9A-Fa-f]{1,4})){6}|:((:([0-9A-Fa-f]{1,4})){1,7}|:)|(([0-9A-Fa-f]{1,4}):){6}((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3})|::(([0-9A-Fa-f]{1,4}):){0,5}((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3})|(([0-9A-Fa-f]{1,4}):){1,5}:(([0-9A-Fa-f]{1,4}):){0,4}((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}))\\]):(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})))$" -}}
{{- $pattern4 := "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)?$" -}}
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
{{- $all_agent_relayNodes_advertiseAddress := list -}}
{{- range $item0 := ternary $agent.relayNodes (list $agent.relayNodes) (kindIs "slice" $agent.relayNodes) -}}
{{- $map := ternary $item0 dict (kindIs "map" $item0) -}}
{{- $field := $map.advertiseAddress -}}
{{- range $item1 := ternary $field (list $field) (kindIs "slice" $field) -}}
{{- if not (kindIs "invalid" $item1) -}}
{{- $all_agent_relayNodes_advertiseAddress = append $all_agent_relayNodes_advertiseAddress $item1 -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $all_agent_modules_edgeTunnel_relayNodes_advertiseAddress := list -}}
{{- range $item0 := ternary $agent_modules_edgeTunnel.relayNodes (list $agent_modules_edgeTunnel.relayNodes) (kindIs "slice" $agent_modules_edgeTunnel.relayNodes) -}}
{{- $map := ternary $item0 dict (kindIs "map" $item0) -}}
{{- $field := $map.advertiseAddress -}}
{{- range $item1 := ternary $field (list $field) (kindIs "slice" $field) -}}
{{- if not (kindIs "invalid" $item1) -}}
{{- $all_agent_modules_edgeTunnel_relayNodes_advertiseAddress = append $all_agent_modules_edgeTunnel_relayNodes_advertiseAddress $item1 -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $all_gateway_relayNodes_advertiseAddress := list -}}
{{- range $item0 := ternary $gateway.relayNodes (list $gateway.relayNodes) (kindIs "slice" $gateway.relayNodes) -}}
{{- $map := ternary $item0 dict (kindIs "map" $item0) -}}
{{- $field := $map.advertiseAddress -}}
{{- range $item1 := ternary $field (list $field) (kindIs "slice" $field) -}}
{{- if not (kindIs "invalid" $item1) -}}
{{- $all_gateway_relayNodes_advertiseAddress = append $all_gateway_relayNodes_advertiseAddress $item1 -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $all_agent_relayNodes := list -}}
{{- range $item0 := ternary $agent.relayNodes (list $agent.relayNodes) (kindIs "slice" $agent.relayNodes) -}}
{{- if not (kindIs "invalid" $item0) -}}
{{- $all_agent_relayNodes = append $all_agent_relayNodes $item0 -}}
{{- end -}}
{{- end -}}
{{- $all_agent_modules_edgeTunnel_relayNodes := list -}}
{{- range $item0 := ternary $agent_modules_edgeTunnel.relayNodes (list $agent_modules_edgeTunnel.relayNodes) (kindIs "slice" $agent_modules_edgeTunnel.relayNodes) -}}
{{- if not (kindIs "invalid" $item0) -}}
{{- $all_agent_modules_edgeTunnel_relayNodes = append $all_agent_modules_edgeTunnel_relayNodes $item0 -}}
{{- end -}}
{{- end -}}
{{- $all_gateway_relayNodes := list -}}
{{- range $item0 := ternary $gateway.relayNodes (list $gateway.relayNodes) (kindIs "slice" $gateway.relayNodes) -}}
{{- if not (kindIs "invalid" $item0) -}}
{{- $all_gateway_relayNodes = append $all_gateway_relayNodes $item0 -}}
{{- end -}}
{{- end -}}
{{- $all_gateway_modules_edgeTunnel_relayNodes := list -}}
{{- range $item0 := ternary $gateway_modules_edgeTunnel.relayNodes (list $gateway_modules_edgeTunnel.relayNodes) (kindIs "slice" $gateway_modules_edgeTunnel.relayNodes) -}}
{{- if not (kindIs "invalid" $item0) -}}
{{- $all_gateway_modules_edgeTunnel_relayNodes = append $all_gateway_modules_edgeTunnel_relayNodes $item0 -}}
{{- end -}}
{{- end -}}
{{- $all_agent_relayNodes_nodeName := list -}}
{{- range $item0 := ternary $agent.relayNodes (list $agent.relayNodes) (kindIs "slice" $agent.relayNodes) -}}
{{- $map := ternary $item0 dict (kindIs "map" $item0) -}}
{{- $field := $map.nodeName -}}
{{- if not (kindIs "invalid" $field) -}}
{{- $all_agent_relayNodes_nodeName = append $all_agent_relayNodes_nodeName $field -}}
{{- end -}}
{{- end -}}
{{- $all_agent_modules_edgeTunnel_relayNodes_nodeName := list -}}
{{- range $item0 := ternary $agent_modules_edgeTunnel.relayNodes (list $agent_modules_edgeTunnel.relayNodes) (kindIs "slice" $agent_modules_edgeTunnel.relayNodes) -}}
{{- $map := ternary $item0 dict (kindIs "map" $item0) -}}
{{- $field := $map.nodeName -}}
{{- if not (kindIs "invalid" $field) -}}
{{- $all_agent_modules_edgeTunnel_relayNodes_nodeName = append $all_agent_modules_edgeTunnel_relayNodes_nodeName $field -}}
{{- end -}}
{{- end -}}
{{- $all_gateway_relayNodes_nodeName := list -}}
{{- range $item0 := ternary $gateway.relayNodes (list $gateway.relayNodes) (kindIs "slice" $gateway.relayNodes) -}}
{{- $map := ternary $item0 dict (kindIs "map" $item0) -}}
{{- $field := $map.nodeName -}}
{{- if not (kindIs "invalid" $field) -}}
{{- $all_gateway_relayNodes_nodeName = append $all_gateway_relayNodes_nodeName $field -}}
{{- end -}}
{{- end -}}
{{- $all_gateway_modules_edgeTunnel_relayNodes_nodeName := list -}}
{{- range $item0 := ternary $gateway_modules_edgeTunnel.relayNodes (list $gateway_modules_edgeTunnel.relayNodes) (kindIs "slice" $gateway_modules_edgeTunnel.relayNodes) -}}
{{- $map := ternary $item0 dict (kindIs "map" $item0) -}}
{{- $field := $map.nodeName -}}
{{- if not (kindIs "invalid" $field) -}}
{{- $all_gateway_modules_edgeTunnel_relayNodes_nodeName = append $all_gateway_modules_edgeTunnel_relayNodes_nodeName $field -}}
{{- end -}}
{{- end -}}
{{- $agent_modules_edgeDNS := ternary $agent_modules.edgeDNS dict (kindIs "map" $agent_modules.edgeDNS) -}}
{{- $agent_modules_edgeDNS_cacheDNS := ternary $agent_modules_edgeDNS.cacheDNS dict (kindIs "map" $agent_modules_edgeDNS.cacheDNS) -}}
{{- $all_agent_modules_edgeDNS_cacheDNS_upstreamServers := list -}}
{{- range $item0 := ternary $agent_modules_edgeDNS_cacheDNS.upstreamServers (list $agent_modules_edgeDNS_cacheDNS.upstreamServers) (kindIs "slice" $agent_modules_edgeDNS_cacheDNS.upstreamServers) -}}
{{- if not (kindIs "invalid" $item0) -}}
{{- $all_agent_modules_edgeDNS_cacheDNS_upstreamServers = append $all_agent_modules_edgeDNS_cacheDNS_upstreamServers $item0 -}}
{{- end -}}
{{- end -}}
{{- $agent_modules_edgeCNI := ternary $agent_modules.edgeCNI dict (kindIs "map" $agent_modules.edgeCNI) -}}
{{- $all_gateway_modules_edgeTunnel_relayNodes_advertiseAddress := list -}}
{{- range $item0 := ternary $gateway_modules_edgeTunnel.relayNodes (list $gateway_modules_edgeTunnel.relayNodes) (kindIs "slice" $gateway_modules_edgeTunnel.relayNodes) -}}
{{- $map := ternary $item0 dict (kindIs "map" $item0) -}}
{{- $field := $map.advertiseAddress -}}
{{- range $item1 := ternary $field (list $field) (kindIs "slice" $field) -}}
{{- if not (kindIs "invalid" $item1) -}}
{{- $all_gateway_modules_edgeTunnel_relayNodes_advertiseAddress = append $all_gateway_modules_edgeTunnel_relayNodes_advertiseAddress $item1 -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $gateway_service := ternary $gateway.service dict (kindIs "map" $gateway.service) -}}
{{- $agent_modules_edgeTunnel_metricConfig := ternary $agent_modules_edgeTunnel.metricConfig dict (kindIs "map" $agent_modules_edgeTunnel.metricConfig) -}}
{{- $agent_metricsService := ternary $agent.metricsService dict (kindIs "map" $agent.metricsService) -}}
{{- $gateway_podDisruptionBudget := ternary $gateway.podDisruptionBudget dict (kindIs "map" $gateway.podDisruptionBudget) -}}
{{- $agent_serviceAccount := ternary $agent.serviceAccount dict (kindIs "map" $agent.serviceAccount) -}}
{{- $gateway_serviceAccount := ternary $gateway.serviceAccount dict (kindIs "map" $gateway.serviceAccount) -}}
{{- $agent_modules_edgeProxy_socks5Proxy := ternary $agent_modules_edgeProxy.socks5Proxy dict (kindIs "map" $agent_modules_edgeProxy.socks5Proxy) -}}
{{- $agent_modules_edgeProxy_loadBalancer := ternary $agent_modules_edgeProxy.loadBalancer dict (kindIs "map" $agent_modules_edgeProxy.loadBalancer) -}}
{{- $gateway_modules_edgeGateway := ternary $gateway_modules.edgeGateway dict (kindIs "map" $gateway_modules.edgeGateway) -}}
{{- $gateway_modules_edgeGateway_loadBalancer := ternary $gateway_modules_edgeGateway.loadBalancer dict (kindIs "map" $gateway_modules_edgeGateway.loadBalancer) -}}
{{- $agent_commonConfig_pprofConfig := ternary $agent_commonConfig.pprofConfig dict (kindIs "map" $agent_commonConfig.pprofConfig) -}}
{{- $gateway_modules_edgeTunnel_metricConfig := ternary $gateway_modules_edgeTunnel.metricConfig dict (kindIs "map" $gateway_modules_edgeTunnel.metricConfig) -}}
{{- $gateway_pprofConfig := ternary $gateway.pprofConfig dict (kindIs "map" $gateway.pprofConfig) -}}

{{- /* tls-needs-1.12 */ -}}
{{- if le $kubeedge 11 -}}
{{- if has $values.profile (list "one-way" "one-way-verified" "mtls") -}}
{{- $problems = append $problems (list "profile" (printf "KubeEdge %s serves the endpoint over plain http only (set profile to plain, or use KubeEdge 1.12 or newer)" (include "edgemesh.common.host" $values.kubeedgeVersion)) "tls-needs-1.12") -}}
{{- end -}}
{{- end -}}

{{- /* skip-verify-against-profile */ -}}
{{- if has $values.profile (list "one-way-verified" "mtls") -}}
{{- if eq (toJson $agent_kubeAPIConfig_metaServer_security.insecureSkipTLSVerify) "true" -}}
{{- $problems = append $problems (list "agent.kubeAPIConfig.metaServer.security.insecureSkipTLSVerify" (printf "contradicts profile %s: the agent would accept any certificate (remove this key, or set profile to one-way)" (include "edgemesh.common.host" $values.profile)) "skip-verify-against-profile") -}}
{{- end -}}
{{- end -}}

{{- /* gateway-skip-verify-against-profile */ -}}
{{- if has $values.profile (list "one-way-verified" "mtls") -}}
{{- if eq (toJson $gateway_kubeAPIConfig_metaServer_security.insecureSkipTLSVerify) "true" -}}
{{- $problems = append $problems (list "gateway.kubeAPIConfig.metaServer.security.insecureSkipTLSVerify" (printf "contradicts profile %s: the gateway would accept any certificate (remove this key, or set profile to one-way)" (include "edgemesh.common.host" $values.profile)) "gateway-skip-verify-against-profile") -}}
{{- end -}}
{{- end -}}

{{- /* mtls-without-secret */ -}}
{{- if has $values.profile (list "mtls") -}}
{{- if empty $agent.metaServerSecret -}}
{{- $problems = append $problems (list "agent.metaServerSecret" "is empty, but profile mtls needs a Secret with rootCA.crt, server.crt and server.key (set metaServer.certificateSecret to the name of the Secret and remove agent.metaServerSecret if you set it, or set profile to one-way-verified)" "mtls-without-secret") -}}
{{- end -}}
{{- end -}}

{{- /* verified-without-secret */ -}}
{{- if and (le $kubeedge 16) (has $values.profile (list "one-way-verified")) (and (not (kindIs "invalid" $agent_kubeAPIConfig_metaServer_security.tlsCaFile)) (regexMatch "^/etc/edgemesh/metaserver/" (toString $agent_kubeAPIConfig_metaServer_security.tlsCaFile))) -}}
{{- if empty $agent.metaServerSecret -}}
{{- $problems = append $problems (list "agent.metaServerSecret" "is empty, but up to KubeEdge 1.16 profile one-way-verified needs a Secret with rootCA.crt (set metaServer.certificateSecret to the name of the Secret and remove agent.metaServerSecret if you set it)" "verified-without-secret") -}}
{{- end -}}
{{- end -}}

{{- /* mtls-without-client-certificate */ -}}
{{- if has $values.profile (list "mtls") -}}
{{- if has $agent_kubeAPIConfig_metaServer_security.tlsCertFile (list "") -}}
{{- $problems = append $problems (list "agent.kubeAPIConfig.metaServer.security.tlsCertFile" "is empty, but profile mtls needs a client certificate (remove this key, or set profile to one-way-verified)" "mtls-without-client-certificate") -}}
{{- end -}}
{{- end -}}

{{- /* authorization-against-profile */ -}}
{{- if has $values.profile (list "one-way" "one-way-verified" "mtls") -}}
{{- if or (kindIs "invalid" $agent_kubeAPIConfig_metaServer_security.requireAuthorization) (eq (toJson $agent_kubeAPIConfig_metaServer_security.requireAuthorization) "false") -}}
{{- $problems = append $problems (list "agent.kubeAPIConfig.metaServer.security.requireAuthorization" (printf "is off, but profile %s needs it on (remove this key, and the profile sets it to true; or set profile to plain)" (include "edgemesh.common.host" $values.profile)) "authorization-against-profile") -}}
{{- end -}}
{{- end -}}

{{- /* gateway-authorization-against-profile */ -}}
{{- if and (eq (toJson $gateway.enable) "true") (has $values.profile (list "one-way" "one-way-verified" "mtls")) -}}
{{- if eq (toJson $gateway_kubeAPIConfig_metaServer_security.requireAuthorization) "false" -}}
{{- $problems = append $problems (list "gateway.kubeAPIConfig.metaServer.security.requireAuthorization" (printf "is off, but profile %s needs it on (remove this key, then it is true; or set profile to plain)" (include "edgemesh.common.host" $values.profile)) "gateway-authorization-against-profile") -}}
{{- end -}}
{{- end -}}

{{- /* plain-with-authorization */ -}}
{{- if has $values.profile (list "plain") -}}
{{- if eq (toJson $agent_kubeAPIConfig_metaServer_security.requireAuthorization) "true" -}}
{{- $problems = append $problems (list "agent.kubeAPIConfig.metaServer.security.requireAuthorization" "is on, but under profile plain the endpoint speaks http (remove this key, or set profile to one-way-verified)" "plain-with-authorization") -}}
{{- end -}}
{{- end -}}

{{- /* plain-with-gateway-authorization */ -}}
{{- if has $values.profile (list "plain") -}}
{{- if eq (toJson $gateway_kubeAPIConfig_metaServer_security.requireAuthorization) "true" -}}
{{- $problems = append $problems (list "gateway.kubeAPIConfig.metaServer.security.requireAuthorization" "is on, but under profile plain the endpoint speaks http (remove this key, or set profile to one-way-verified)" "plain-with-gateway-authorization") -}}
{{- end -}}
{{- end -}}

{{- /* authorization-without-trust */ -}}
{{- if and (or (kindIs "invalid" $agent_kubeAPIConfig_metaServer_security.insecureSkipTLSVerify) (eq (toJson $agent_kubeAPIConfig_metaServer_security.insecureSkipTLSVerify) "false")) (empty $agent.metaServerSecret) (empty $agent_kubeAPIConfig_metaServer_security.tlsCaFile) (or (kindIs "invalid" $values.profile) (and (not (kindIs "invalid" $values.profile)) (not (has $values.profile (list "mtls"))))) -}}
{{- if eq (toJson $agent_kubeAPIConfig_metaServer_security.requireAuthorization) "true" -}}
{{- $problems = append $problems (list "agent.kubeAPIConfig.metaServer.security.requireAuthorization" "is on, but the agent has no CA; it exits at start unless files are mounted at /etc/edgemesh/metaserver (set agent.metaServerSecret, or set insecureSkipTLSVerify to true, or use profile one-way-verified)" "authorization-without-trust") -}}
{{- end -}}
{{- end -}}

{{- /* authorization-without-client-certificate */ -}}
{{- if and (eq (toJson $agent_kubeAPIConfig_metaServer_security.requireAuthorization) "true") (or (kindIs "invalid" $agent_kubeAPIConfig_metaServer_security.insecureSkipTLSVerify) (eq (toJson $agent_kubeAPIConfig_metaServer_security.insecureSkipTLSVerify) "false")) (not (empty $agent_kubeAPIConfig_metaServer_security.tlsCaFile)) (empty $agent.metaServerSecret) -}}
{{- if kindIs "invalid" $agent_kubeAPIConfig_metaServer_security.tlsCertFile -}}
{{- $problems = append $problems (list "agent.kubeAPIConfig.metaServer.security.tlsCertFile" "is not set: the agent then reads /etc/edgemesh/metaserver/server.crt, which is not mounted, and exits (set tlsCertFile and tlsPrivateKeyFile to \"\" for no client certificate, or set agent.metaServerSecret)" "authorization-without-client-certificate") -}}
{{- end -}}
{{- end -}}

{{- /* gateway-authorization-without-trust */ -}}
{{- if and (eq (toJson $gateway.enable) "true") (or (kindIs "invalid" $gateway_kubeAPIConfig_metaServer_security.insecureSkipTLSVerify) (eq (toJson $gateway_kubeAPIConfig_metaServer_security.insecureSkipTLSVerify) "false")) (or (kindIs "invalid" $agent_kubeAPIConfig_metaServer_security.insecureSkipTLSVerify) (eq (toJson $agent_kubeAPIConfig_metaServer_security.insecureSkipTLSVerify) "false")) (empty $gateway.metaServerSecret) (empty $agent.metaServerSecret) (empty $gateway_kubeAPIConfig_metaServer_security.tlsCaFile) (empty $agent_kubeAPIConfig_metaServer_security.tlsCaFile) -}}
{{- if eq (toJson $gateway_kubeAPIConfig_metaServer_security.requireAuthorization) "true" -}}
{{- $problems = append $problems (list "gateway.kubeAPIConfig.metaServer.security.requireAuthorization" "is on, but the gateway has no CA; it exits at start unless files are mounted at /etc/edgemesh/metaserver (set gateway.metaServerSecret, or set insecureSkipTLSVerify to true, or use profile one-way-verified)" "gateway-authorization-without-trust") -}}
{{- end -}}
{{- end -}}

{{- /* client-issuer */ -}}
{{- if empty $metaServer_clientCertificate_certManager_issuerRef.name -}}
{{- if eq (toJson $metaServer_clientCertificate_certManager.enable) "true" -}}
{{- $problems = append $problems (list "metaServer.clientCertificate.certManager.issuerRef.name" "is empty, but cert-manager needs an issuer to sign the certificate (set it to the name of an Issuer or ClusterIssuer)" "client-issuer") -}}
{{- end -}}
{{- end -}}

{{- /* object-name */ -}}
{{- if and (not (kindIs "invalid" $values.fullnameOverride)) (not (regexMatch "^([a-z0-9]([-a-z0-9]*[a-z0-9])?)?$" (toString $values.fullnameOverride))) -}}
{{- $problems = append $problems (list "fullnameOverride" (printf "must contain only lower case letters, digits and \"-\", and start and end with a letter or digit (got %s)" (include "edgemesh.common.shown" $values.fullnameOverride)) "object-name") -}}
{{- end -}}

{{- /* label-name */ -}}
{{- if and (not (kindIs "invalid" $values.nameOverride)) (not (regexMatch "^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$" (toString $values.nameOverride))) -}}
{{- $problems = append $problems (list "nameOverride" (printf "must have at most 63 letters, digits, \"-\", \"_\" and \".\", and start and end with a letter or digit (got %s)" (include "edgemesh.common.shown" $values.nameOverride)) "label-name") -}}
{{- end -}}

{{- /* cluster-domain */ -}}
{{- if or (kindIs "invalid" $agent.enable) (eq (toJson $agent.enable) "true") -}}
{{- if and (not (kindIs "invalid" $cluster.domain)) (not (has $cluster.domain (list "cluster.local"))) -}}
{{- $problems = append $problems (list "cluster.domain" (printf "must be cluster.local: EdgeMesh answers DNS queries for no other domain (got %s) (set it to cluster.local, or set agent.enable to false if you do not use EdgeMesh)" (include "edgemesh.common.shown" $cluster.domain)) "cluster-domain") -}}
{{- end -}}
{{- end -}}

{{- /* agent-server-without-scheme */ -}}
{{- if and (not (kindIs "invalid" $agent_kubeAPIConfig_metaServer.server)) (not (regexMatch "^https?://" (toString $agent_kubeAPIConfig_metaServer.server))) -}}
{{- $problems = append $problems (list "agent.kubeAPIConfig.metaServer.server" (printf "must start with http:// or https:// (got %s) (for example http://127.0.0.1:10550)" (include "edgemesh.common.shown" $agent_kubeAPIConfig_metaServer.server)) "agent-server-without-scheme") -}}
{{- end -}}

{{- /* gateway-server-without-scheme */ -}}
{{- if and (not (kindIs "invalid" $gateway_kubeAPIConfig_metaServer.server)) (not (regexMatch "^https?://" (toString $gateway_kubeAPIConfig_metaServer.server))) -}}
{{- $problems = append $problems (list "gateway.kubeAPIConfig.metaServer.server" (printf "must start with http:// or https:// (got %s) (for example http://127.0.0.1:10550)" (include "edgemesh.common.shown" $gateway_kubeAPIConfig_metaServer.server)) "gateway-server-without-scheme") -}}
{{- end -}}

{{- /* bridge-is-dummy-address */ -}}
{{- if eq (toJson $agent_commonConfig.bridgeDeviceIP) (toJson (ternary "" $metaServer.dummyAddress (kindIs "invalid" $metaServer.dummyAddress))) -}}
{{- $problems = append $problems (list "agent.commonConfig.bridgeDeviceIP" (printf "must differ from metaServer.dummyAddress: EdgeMesh and edgecore each create a device with its own address (got %s) (the defaults are 169.254.96.16 and 169.254.30.10)" (include "edgemesh.common.shown" $agent_commonConfig.bridgeDeviceIP)) "bridge-is-dummy-address") -}}
{{- end -}}

{{- /* bridge-address */ -}}
{{- if and (not (kindIs "invalid" $agent_commonConfig.bridgeDeviceIP)) (not (regexMatch $pattern1 (toString $agent_commonConfig.bridgeDeviceIP))) -}}
{{- $problems = append $problems (list "agent.commonConfig.bridgeDeviceIP" (printf "must be an IPv4 address; the agent exits otherwise (got %s) (for example 169.254.96.16)" (include "edgemesh.common.shown" $agent_commonConfig.bridgeDeviceIP)) "bridge-address") -}}
{{- end -}}

{{- /* quic-with-psk */ -}}
{{- if or (kindIs "invalid" $agent_modules_edgeTunnel_psk.enable) (eq (toJson $agent_modules_edgeTunnel_psk.enable) "true") -}}
{{- if has $agent_modules_edgeTunnel.transport (list "quic") -}}
{{- $problems = append $problems (list "agent.modules.edgeTunnel.transport" "is quic, which does not work with a PSK (use tcp or ws, or set agent.modules.edgeTunnel.psk.enable to false)" "quic-with-psk") -}}
{{- end -}}
{{- end -}}

{{- /* gateway-quic-with-psk */ -}}
{{- if or (kindIs "invalid" $gateway_modules_edgeTunnel_psk.enable) (eq (toJson $gateway_modules_edgeTunnel_psk.enable) "true") -}}
{{- if has $gateway_modules_edgeTunnel.transport (list "quic") -}}
{{- $problems = append $problems (list "gateway.modules.edgeTunnel.transport" "is quic, which does not work with a PSK (use tcp or ws, or set gateway.modules.edgeTunnel.psk.enable to false)" "gateway-quic-with-psk") -}}
{{- end -}}
{{- end -}}

{{- /* transport */ -}}
{{- if and (not (kindIs "invalid" $agent_modules_edgeTunnel.transport)) (not (has $agent_modules_edgeTunnel.transport (list "tcp" "ws" "quic"))) -}}
{{- $problems = append $problems (list "agent.modules.edgeTunnel.transport" (printf "must be tcp, ws or quic (got %s)" (include "edgemesh.common.shown" $agent_modules_edgeTunnel.transport)) "transport") -}}
{{- end -}}

{{- /* gateway-transport */ -}}
{{- if and (not (kindIs "invalid" $gateway_modules_edgeTunnel.transport)) (not (has $gateway_modules_edgeTunnel.transport (list "tcp" "ws" "quic"))) -}}
{{- $problems = append $problems (list "gateway.modules.edgeTunnel.transport" (printf "must be tcp, ws or quic (got %s)" (include "edgemesh.common.shown" $gateway_modules_edgeTunnel.transport)) "gateway-transport") -}}
{{- end -}}

{{- /* service-filter-mode */ -}}
{{- if ge $edgemesh 13 -}}
{{- if and (not (kindIs "invalid" $agent_modules_edgeProxy.serviceFilterMode)) (not (has $agent_modules_edgeProxy.serviceFilterMode (list "FilterIfLabelExists" "FilterIfLabelDoesNotExists"))) -}}
{{- $problems = append $problems (list "agent.modules.edgeProxy.serviceFilterMode" (printf "must be FilterIfLabelExists or FilterIfLabelDoesNotExists (got %s)" (include "edgemesh.common.shown" $agent_modules_edgeProxy.serviceFilterMode)) "service-filter-mode") -}}
{{- end -}}
{{- end -}}

{{- /* relay-address */ -}}
{{- range $value := $all_agent_relayNodes_advertiseAddress -}}
{{- if and (not (kindIs "invalid" $value)) (not (regexMatch $pattern1 (toString $value))) -}}
{{- $problems = append $problems (list "agent.relayNodes[].advertiseAddress[]" (printf "must be an IPv4 address; otherwise the agent ignores the whole relay node (got %s)" (include "edgemesh.common.shown" $value)) "relay-address") -}}
{{- end -}}
{{- end -}}

{{- /* module-relay-address */ -}}
{{- range $value := $all_agent_modules_edgeTunnel_relayNodes_advertiseAddress -}}
{{- if and (not (kindIs "invalid" $value)) (not (regexMatch $pattern1 (toString $value))) -}}
{{- $problems = append $problems (list "agent.modules.edgeTunnel.relayNodes[].advertiseAddress[]" (printf "must be an IPv4 address; otherwise the agent ignores the whole relay node (got %s)" (include "edgemesh.common.shown" $value)) "module-relay-address") -}}
{{- end -}}
{{- end -}}

{{- /* gateway-relay-address */ -}}
{{- range $value := $all_gateway_relayNodes_advertiseAddress -}}
{{- if and (not (kindIs "invalid" $value)) (not (regexMatch $pattern1 (toString $value))) -}}
{{- $problems = append $problems (list "gateway.relayNodes[].advertiseAddress[]" (printf "must be an IPv4 address; otherwise the gateway ignores the whole relay node (got %s)" (include "edgemesh.common.shown" $value)) "gateway-relay-address") -}}
{{- end -}}
{{- end -}}

{{- /* relay-without-address */ -}}
{{- range $value := $all_agent_relayNodes -}}
{{- if and (kindIs "map" $value) (empty $value.advertiseAddress) -}}
{{- $problems = append $problems (list "agent.relayNodes[]" "the relay node has no advertiseAddress, so other nodes cannot reach it (add its IPv4 addresses, or remove the relay node)" "relay-without-address") -}}
{{- end -}}
{{- end -}}
{{- range $value := $all_agent_modules_edgeTunnel_relayNodes -}}
{{- if and (kindIs "map" $value) (empty $value.advertiseAddress) -}}
{{- $problems = append $problems (list "agent.modules.edgeTunnel.relayNodes[]" "the relay node has no advertiseAddress, so other nodes cannot reach it (add its IPv4 addresses, or remove the relay node)" "relay-without-address") -}}
{{- end -}}
{{- end -}}
{{- range $value := $all_gateway_relayNodes -}}
{{- if and (kindIs "map" $value) (empty $value.advertiseAddress) -}}
{{- $problems = append $problems (list "gateway.relayNodes[]" "the relay node has no advertiseAddress, so other nodes cannot reach it (add its IPv4 addresses, or remove the relay node)" "relay-without-address") -}}
{{- end -}}
{{- end -}}
{{- range $value := $all_gateway_modules_edgeTunnel_relayNodes -}}
{{- if and (kindIs "map" $value) (empty $value.advertiseAddress) -}}
{{- $problems = append $problems (list "gateway.modules.edgeTunnel.relayNodes[]" "the relay node has no advertiseAddress, so other nodes cannot reach it (add its IPv4 addresses, or remove the relay node)" "relay-without-address") -}}
{{- end -}}
{{- end -}}

{{- /* relay-name */ -}}
{{- range $value := $all_agent_relayNodes_nodeName -}}
{{- if and (not (kindIs "invalid" $value)) (not (regexMatch $pattern2 (toString $value))) -}}
{{- $problems = append $problems (list "agent.relayNodes[].nodeName" (printf "must be the name of a node in the cluster: lower case letters, digits, \"-\" and \".\" (got %s) (list the names with `kubectl get nodes`)" (include "edgemesh.common.shown" $value)) "relay-name") -}}
{{- end -}}
{{- end -}}
{{- range $value := $all_agent_modules_edgeTunnel_relayNodes_nodeName -}}
{{- if and (not (kindIs "invalid" $value)) (not (regexMatch $pattern2 (toString $value))) -}}
{{- $problems = append $problems (list "agent.modules.edgeTunnel.relayNodes[].nodeName" (printf "must be the name of a node in the cluster: lower case letters, digits, \"-\" and \".\" (got %s) (list the names with `kubectl get nodes`)" (include "edgemesh.common.shown" $value)) "relay-name") -}}
{{- end -}}
{{- end -}}
{{- range $value := $all_gateway_relayNodes_nodeName -}}
{{- if and (not (kindIs "invalid" $value)) (not (regexMatch $pattern2 (toString $value))) -}}
{{- $problems = append $problems (list "gateway.relayNodes[].nodeName" (printf "must be the name of a node in the cluster: lower case letters, digits, \"-\" and \".\" (got %s) (list the names with `kubectl get nodes`)" (include "edgemesh.common.shown" $value)) "relay-name") -}}
{{- end -}}
{{- end -}}
{{- range $value := $all_gateway_modules_edgeTunnel_relayNodes_nodeName -}}
{{- if and (not (kindIs "invalid" $value)) (not (regexMatch $pattern2 (toString $value))) -}}
{{- $problems = append $problems (list "gateway.modules.edgeTunnel.relayNodes[].nodeName" (printf "must be the name of a node in the cluster: lower case letters, digits, \"-\" and \".\" (got %s) (list the names with `kubectl get nodes`)" (include "edgemesh.common.shown" $value)) "relay-name") -}}
{{- end -}}
{{- end -}}

{{- /* upstream-server */ -}}
{{- if eq (toJson $agent_modules_edgeDNS_cacheDNS.enable) "true" -}}
{{- range $value := $all_agent_modules_edgeDNS_cacheDNS_upstreamServers -}}
{{- if and (not (kindIs "invalid" $value)) (not (regexMatch $pattern3 (toString $value))) -}}
{{- $problems = append $problems (list "agent.modules.edgeDNS.cacheDNS.upstreamServers[]" (printf "must be the IP address of a name server, with or without a port (got %s) (for example 192.0.2.53)" (include "edgemesh.common.shown" $value)) "upstream-server") -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* upstream-server-itself */ -}}
{{- if eq (toJson $agent_modules_edgeDNS_cacheDNS.enable) "true" -}}
{{- range $value := $all_agent_modules_edgeDNS_cacheDNS_upstreamServers -}}
{{- if and (not (kindIs "invalid" $value)) (ne (toString $value) "") (ne (toString (ternary "" $agent_commonConfig.bridgeDeviceIP (kindIs "invalid" $agent_commonConfig.bridgeDeviceIP))) "") (eq (include "edgemesh.common.place" $value) (include "edgemesh.common.place" (ternary "" $agent_commonConfig.bridgeDeviceIP (kindIs "invalid" $agent_commonConfig.bridgeDeviceIP)))) -}}
{{- $problems = append $problems (list "agent.modules.edgeDNS.cacheDNS.upstreamServers[]" (printf "is the agent's own address: the agent would forward queries to itself in a loop (got %s) (use a name server outside EdgeMesh, or remove the key)" (include "edgemesh.common.shown" $value)) "upstream-server-itself") -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* relay-nodes-twice */ -}}
{{- if not (empty $agent_modules_edgeTunnel.relayNodes) -}}
{{- if not (empty $agent.relayNodes) -}}
{{- $problems = append $problems (list "agent.relayNodes" "cannot be used together with agent.modules.edgeTunnel.relayNodes (keep only one of the two)" "relay-nodes-twice") -}}
{{- end -}}
{{- end -}}

{{- /* edge-cni */ -}}
{{- if eq (toJson $agent_modules_edgeCNI.enable) "true" -}}
{{- $problems = append $problems (list "agent.modules.edgeCNI.enable" "is on, but this chart contains neither edgeCNI nor spiderpool (install the CNI plugin with its own chart, and remove this key)" "edge-cni") -}}
{{- end -}}

{{- /* edge-cni-ranges */ -}}
{{- range $key, $value := dict "agent.cloudCIDR" $agent.cloudCIDR "agent.edgeCIDR" $agent.edgeCIDR -}}
{{- if not (empty $value) -}}
{{- $problems = append $problems (list $key "is a setting of edgeCNI, which this chart does not contain (install the CNI plugin with its own chart, and remove this key)" "edge-cni-ranges") -}}
{{- end -}}
{{- end -}}

{{- /* spiderpool */ -}}
{{- if not (kindIs "invalid" $values.spiderpool) -}}
{{- $problems = append $problems (list "spiderpool" "this chart does not contain spiderpool (install spiderpool with its own chart, and remove this key)" "spiderpool") -}}
{{- end -}}

{{- /* psk-twice */ -}}
{{- if not (empty $agent.psk) -}}
{{- if not (empty $agent.pskSecret) -}}
{{- $problems = append $problems (list "agent.pskSecret" "cannot be used together with agent.psk (keep only one of the two)" "psk-twice") -}}
{{- end -}}
{{- end -}}

{{- /* gateway-psk-twice */ -}}
{{- if not (empty $gateway.psk) -}}
{{- if not (empty $gateway.pskSecret) -}}
{{- $problems = append $problems (list "gateway.pskSecret" "cannot be used together with gateway.psk (keep only one of the two)" "gateway-psk-twice") -}}
{{- end -}}
{{- end -}}

{{- /* psk-path */ -}}
{{- range $key, $value := dict "agent.modules.edgeTunnel.psk.path" $agent_modules_edgeTunnel_psk.path "gateway.modules.edgeTunnel.psk.path" $gateway_modules_edgeTunnel_psk.path -}}
{{- if and (not (kindIs "invalid" $value)) (not (regexMatch "^(/[^/]+){3,}$" (toString $value))) -}}
{{- $problems = append $problems (list $key "must be a file in a folder that is used for nothing else; the Secret hides other files there (for example /etc/edgemesh/psk/psk)" "psk-path") -}}
{{- end -}}
{{- end -}}

{{- /* psk-path-taken */ -}}
{{- range $key, $value := dict "agent.modules.edgeTunnel.psk.path" $agent_modules_edgeTunnel_psk.path "gateway.modules.edgeTunnel.psk.path" $gateway_modules_edgeTunnel_psk.path -}}
{{- if and (not (kindIs "invalid" $value)) (regexMatch "^/etc/edgemesh/(config|metaserver)/" (toString $value)) -}}
{{- $problems = append $problems (list $key (printf "is in a directory where the config or the certificates are mounted (got %s) (for example /etc/edgemesh/psk/psk)" (include "edgemesh.common.shown" $value)) "psk-path-taken") -}}
{{- end -}}
{{- end -}}

{{- /* gateway-module-relay-address */ -}}
{{- range $value := $all_gateway_modules_edgeTunnel_relayNodes_advertiseAddress -}}
{{- if and (not (kindIs "invalid" $value)) (not (regexMatch $pattern1 (toString $value))) -}}
{{- $problems = append $problems (list "gateway.modules.edgeTunnel.relayNodes[].advertiseAddress[]" (printf "must be an IPv4 address; otherwise the gateway ignores the whole relay node (got %s)" (include "edgemesh.common.shown" $value)) "gateway-module-relay-address") -}}
{{- end -}}
{{- end -}}

{{- /* gateway-relay-nodes-twice */ -}}
{{- if not (empty $gateway_modules_edgeTunnel.relayNodes) -}}
{{- if not (empty $gateway.relayNodes) -}}
{{- $problems = append $problems (list "gateway.relayNodes" "cannot be used together with gateway.modules.edgeTunnel.relayNodes (keep only one of the two)" "gateway-relay-nodes-twice") -}}
{{- end -}}
{{- end -}}

{{- /* gateway-node-name */ -}}
{{- if and (not (kindIs "invalid" $gateway.nodeName)) (not (regexMatch $pattern4 (toString $gateway.nodeName))) -}}
{{- $problems = append $problems (list "gateway.nodeName" (printf "must be the name of a node: lower case letters, digits, \"-\" and \".\" (got %s) (list the names with `kubectl get nodes`)" (include "edgemesh.common.shown" $gateway.nodeName)) "gateway-node-name") -}}
{{- end -}}

{{- /* gateway-service-without-ports */ -}}
{{- if eq (toJson $gateway_service.enable) "true" -}}
{{- if empty $gateway_service.ports -}}
{{- $problems = append $problems (list "gateway.service.ports" "is empty, but a Service needs ports: those that the Gateway resources open (for example [{name: http, port: 80}], or set gateway.service.enable to false)" "gateway-service-without-ports") -}}
{{- end -}}
{{- end -}}

{{- /* metrics-service-without-metrics */ -}}
{{- if or (kindIs "invalid" $agent_modules_edgeTunnel_metricConfig.enable) (eq (toJson $agent_modules_edgeTunnel_metricConfig.enable) "false") -}}
{{- if eq (toJson $agent_metricsService.enable) "true" -}}
{{- $problems = append $problems (list "agent.metricsService.enable" "is on, but agent.modules.edgeTunnel.metricConfig.enable is off, so there are no metrics to read (set both to true (EdgeMesh 1.15 and newer))" "metrics-service-without-metrics") -}}
{{- end -}}
{{- end -}}

{{- /* gateway-budget-twice */ -}}
{{- if not (kindIs "invalid" $gateway_podDisruptionBudget.minAvailable) -}}
{{- if not (kindIs "invalid" $gateway_podDisruptionBudget.maxUnavailable) -}}
{{- $problems = append $problems (list "gateway.podDisruptionBudget.maxUnavailable" "cannot be used together with gateway.podDisruptionBudget.minAvailable (keep only one of the two)" "gateway-budget-twice") -}}
{{- end -}}
{{- end -}}

{{- /* account-without-name */ -}}
{{- if eq (toJson $agent_serviceAccount.create) "false" -}}
{{- if empty $agent_serviceAccount.name -}}
{{- $problems = append $problems (list "agent.serviceAccount.name" "is empty, but with create set to false the chart needs the name of an existing service account (set the name, or set agent.serviceAccount.create to true)" "account-without-name") -}}
{{- end -}}
{{- end -}}

{{- /* gateway-account-without-name */ -}}
{{- if eq (toJson $gateway_serviceAccount.create) "false" -}}
{{- if empty $gateway_serviceAccount.name -}}
{{- $problems = append $problems (list "gateway.serviceAccount.name" "is empty, but with create set to false the chart needs the name of an existing service account (set the name, or set gateway.serviceAccount.create to true)" "gateway-account-without-name") -}}
{{- end -}}
{{- end -}}

{{- /* agent-sets-itself */ -}}
{{- range $key, $value := dict "agent.kubeAPIConfig.mode" $agent_kubeAPIConfig.mode "agent.modules.edgeDNS.kubeAPIConfig" $agent_modules_edgeDNS.kubeAPIConfig "agent.modules.edgeDNS.listenInterface" $agent_modules_edgeDNS.listenInterface "agent.modules.edgeProxy.listenInterface" $agent_modules_edgeProxy.listenInterface "agent.modules.edgeProxy.socks5Proxy.nodeName" $agent_modules_edgeProxy_socks5Proxy.nodeName "agent.modules.edgeProxy.socks5Proxy.namespace" $agent_modules_edgeProxy_socks5Proxy.namespace "agent.modules.edgeProxy.loadBalancer.caller" $agent_modules_edgeProxy_loadBalancer.caller "agent.modules.edgeProxy.loadBalancer.nodeName" $agent_modules_edgeProxy_loadBalancer.nodeName "agent.modules.edgeTunnel.mode" $agent_modules_edgeTunnel.mode "agent.modules.edgeTunnel.nodeName" $agent_modules_edgeTunnel.nodeName "agent.modules.edgeTunnel.configPath" $agent_modules_edgeTunnel.configPath "agent.modules.edgeCNI.encapsulationIP" $agent_modules_edgeCNI.encapsulationIP "gateway.kubeAPIConfig.mode" $gateway_kubeAPIConfig.mode "gateway.modules.edgeTunnel.mode" $gateway_modules_edgeTunnel.mode "gateway.modules.edgeTunnel.nodeName" $gateway_modules_edgeTunnel.nodeName "gateway.modules.edgeTunnel.configPath" $gateway_modules_edgeTunnel.configPath "gateway.modules.edgeGateway.loadBalancer.caller" $gateway_modules_edgeGateway_loadBalancer.caller "gateway.modules.edgeGateway.loadBalancer.nodeName" $gateway_modules_edgeGateway_loadBalancer.nodeName "agent.kubeAPIConfig.Mode" $agent_kubeAPIConfig.Mode "agent.modules.edgeDNS.KubeAPIConfig" $agent_modules_edgeDNS.KubeAPIConfig "agent.modules.edgeDNS.ListenInterface" $agent_modules_edgeDNS.ListenInterface "agent.modules.edgeProxy.ListenInterface" $agent_modules_edgeProxy.ListenInterface "agent.modules.edgeProxy.socks5Proxy.NodeName" $agent_modules_edgeProxy_socks5Proxy.NodeName "agent.modules.edgeProxy.socks5Proxy.Namespace" $agent_modules_edgeProxy_socks5Proxy.Namespace "agent.modules.edgeProxy.loadBalancer.Caller" $agent_modules_edgeProxy_loadBalancer.Caller "agent.modules.edgeProxy.loadBalancer.NodeName" $agent_modules_edgeProxy_loadBalancer.NodeName "agent.modules.edgeTunnel.Mode" $agent_modules_edgeTunnel.Mode "agent.modules.edgeTunnel.NodeName" $agent_modules_edgeTunnel.NodeName "gateway.kubeAPIConfig.Mode" $gateway_kubeAPIConfig.Mode "gateway.modules.edgeTunnel.Mode" $gateway_modules_edgeTunnel.Mode "gateway.modules.edgeTunnel.NodeName" $gateway_modules_edgeTunnel.NodeName "gateway.modules.edgeGateway.loadBalancer.Caller" $gateway_modules_edgeGateway_loadBalancer.Caller "gateway.modules.edgeGateway.loadBalancer.NodeName" $gateway_modules_edgeGateway_loadBalancer.NodeName -}}
{{- if not (kindIs "invalid" $value) -}}
{{- $problems = append $problems (list $key "EdgeMesh sets this field itself and does not work with another value (remove this key)" "agent-sets-itself") -}}
{{- end -}}
{{- end -}}

{{- /* agent-kubeconfig-path */ -}}
{{- range $key, $value := dict "agent.kubeAPIConfig.kubeConfig" $agent_kubeAPIConfig.kubeConfig "gateway.kubeAPIConfig.kubeConfig" $gateway_kubeAPIConfig.kubeConfig -}}
{{- if and (not (kindIs "invalid" $value)) (not (regexMatch "^(/.*)?$" (toString $value))) -}}
{{- $problems = append $problems (list $key (printf "must be an absolute path (got %s)" (include "edgemesh.common.shown" $value)) "agent-kubeconfig-path") -}}
{{- end -}}
{{- end -}}

{{- /* endpoint-address */ -}}
{{- if and (not (kindIs "invalid" $metaServer.address)) (not (regexMatch "^([0-9.]+|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*|localhost)$" (toString $metaServer.address))) -}}
{{- $problems = append $problems (list "metaServer.address" (printf "must be an IP address, without scheme and port (got %s) (for example 127.0.0.1)" (include "edgemesh.common.shown" $metaServer.address)) "endpoint-address") -}}
{{- end -}}

{{- /* agent-port-twice */ -}}
{{- $ports := list -}}
{{- if or (kindIs "invalid" $agent_modules_edgeDNS.enable) (eq (toJson $agent_modules_edgeDNS.enable) "true") -}}
{{- $ports = append $ports (dict "key" "agent.modules.edgeDNS.listenPort" "value" (ternary 53 $agent_modules_edgeDNS.listenPort (kindIs "invalid" $agent_modules_edgeDNS.listenPort)) "address" $agent_commonConfig.bridgeDeviceIP "host" "169.254.96.16") -}}
{{- end -}}
{{- if and (eq (toJson $agent_modules_edgeProxy.enable) "true") (eq (toJson $agent_modules_edgeProxy_socks5Proxy.enable) "true") -}}
{{- $ports = append $ports (dict "key" "agent.modules.edgeProxy.socks5Proxy.listenPort" "value" (ternary 10800 $agent_modules_edgeProxy_socks5Proxy.listenPort (kindIs "invalid" $agent_modules_edgeProxy_socks5Proxy.listenPort)) "address" $agent_commonConfig.bridgeDeviceIP "host" "169.254.96.16") -}}
{{- end -}}
{{- if and (eq (toJson $agent_modules_edgeTunnel.enable) "true") (or (kindIs "invalid" $agent_modules_edgeTunnel.transport) (and (not (kindIs "invalid" $agent_modules_edgeTunnel.transport)) (not (has $agent_modules_edgeTunnel.transport (list "quic"))))) -}}
{{- $ports = append $ports (dict "key" "agent.modules.edgeTunnel.listenPort" "value" (ternary 20006 $agent_modules_edgeTunnel.listenPort (kindIs "invalid" $agent_modules_edgeTunnel.listenPort))) -}}
{{- end -}}
{{- if and (ge $edgemesh 15) (eq (toJson $agent_modules_edgeTunnel.enable) "true") (eq (toJson $agent_modules_edgeTunnel_metricConfig.enable) "true") -}}
{{- $ports = append $ports (dict "key" "agent.modules.edgeTunnel.metricConfig.port" "value" (ternary 9999 $agent_modules_edgeTunnel_metricConfig.port (kindIs "invalid" $agent_modules_edgeTunnel_metricConfig.port))) -}}
{{- end -}}
{{- if and (ge $edgemesh 15) (eq (toJson $agent_commonConfig_pprofConfig.enableProfiling) "true") -}}
{{- $ports = append $ports (dict "key" "agent.commonConfig.pprofConfig.profilingPort" "value" $agent_commonConfig_pprofConfig.profilingPort "address" $agent_commonConfig_pprofConfig.profilingAddress) -}}
{{- end -}}
{{- $twice := dict -}}
{{- include "edgemesh.common.twice" (dict "ports" $ports "out" $twice) -}}
{{- range $twice.pairs -}}
{{- $problems = append $problems (list .other (printf "%s and %s are both port %s; the agent cannot listen on it twice (change one of the two ports)" .one .other .port) "agent-port-twice") -}}
{{- end -}}

{{- /* gateway-port-twice */ -}}
{{- if eq (toJson $gateway.enable) "true" -}}
{{- $ports := list -}}
{{- if and (eq (toJson $gateway_modules_edgeTunnel.enable) "true") (or (kindIs "invalid" $gateway_modules_edgeTunnel.transport) (and (not (kindIs "invalid" $gateway_modules_edgeTunnel.transport)) (not (has $gateway_modules_edgeTunnel.transport (list "quic"))))) -}}
{{- $ports = append $ports (dict "key" "gateway.modules.edgeTunnel.listenPort" "value" (ternary 20006 $gateway_modules_edgeTunnel.listenPort (kindIs "invalid" $gateway_modules_edgeTunnel.listenPort))) -}}
{{- end -}}
{{- if and (ge $edgemesh 15) (eq (toJson $gateway_modules_edgeTunnel.enable) "true") (eq (toJson $gateway_modules_edgeTunnel_metricConfig.enable) "true") -}}
{{- $ports = append $ports (dict "key" "gateway.modules.edgeTunnel.metricConfig.port" "value" (ternary 9999 $gateway_modules_edgeTunnel_metricConfig.port (kindIs "invalid" $gateway_modules_edgeTunnel_metricConfig.port))) -}}
{{- end -}}
{{- if and (ge $edgemesh 15) (eq (toJson $gateway_pprofConfig.enableProfiling) "true") -}}
{{- $ports = append $ports (dict "key" "gateway.pprofConfig.profilingPort" "value" $gateway_pprofConfig.profilingPort "address" $gateway_pprofConfig.profilingAddress) -}}
{{- end -}}
{{- $twice := dict -}}
{{- include "edgemesh.common.twice" (dict "ports" $ports "out" $twice) -}}
{{- range $twice.pairs -}}
{{- $problems = append $problems (list .other (printf "%s and %s are both port %s; the gateway cannot listen on it twice (change one of the two ports)" .one .other .port) "gateway-port-twice") -}}
{{- end -}}
{{- end -}}

{{- /* server-unverified */ -}}
{{- if eq (toJson $agent_kubeAPIConfig_metaServer_security.requireAuthorization) "true" -}}
{{- if eq (toJson $agent_kubeAPIConfig_metaServer_security.insecureSkipTLSVerify) "true" -}}
{{- $warnings = append $warnings (list "agent.kubeAPIConfig.metaServer.security.insecureSkipTLSVerify" "is on: the agent verifies nothing and sends its token to any program that listens on the endpoint's port (set profile to one-way-verified)" "server-unverified") -}}
{{- end -}}
{{- end -}}

{{- /* edge-dns-off */ -}}
{{- if eq (toJson $agent_modules_edgeDNS.enable) "false" -}}
{{- $warnings = append $warnings (list "agent.modules.edgeDNS.enable" "is off on cloud and edge nodes: pods on edge nodes cannot resolve names of Services (remove it (edgeDNS is off on cloud nodes by default), or set it in agent.cloudNodes)" "edge-dns-off") -}}
{{- end -}}

{{- /* relay-loopback */ -}}
{{- range $value := $all_agent_relayNodes_advertiseAddress -}}
{{- if and (not (kindIs "invalid" $value)) (regexMatch "^(127\\.[0-9.]+|::1|localhost)$" (toString $value)) -}}
{{- $warnings = append $warnings (list "agent.relayNodes[].advertiseAddress[]" (printf "other nodes cannot reach the relay node at %s (use an address that the other nodes can reach)" (include "edgemesh.common.shown" $value)) "relay-loopback") -}}
{{- end -}}
{{- end -}}
{{- range $value := $all_agent_modules_edgeTunnel_relayNodes_advertiseAddress -}}
{{- if and (not (kindIs "invalid" $value)) (regexMatch "^(127\\.[0-9.]+|::1|localhost)$" (toString $value)) -}}
{{- $warnings = append $warnings (list "agent.modules.edgeTunnel.relayNodes[].advertiseAddress[]" (printf "other nodes cannot reach the relay node at %s (use an address that the other nodes can reach)" (include "edgemesh.common.shown" $value)) "relay-loopback") -}}
{{- end -}}
{{- end -}}
{{- range $value := $all_gateway_relayNodes_advertiseAddress -}}
{{- if and (not (kindIs "invalid" $value)) (regexMatch "^(127\\.[0-9.]+|::1|localhost)$" (toString $value)) -}}
{{- $warnings = append $warnings (list "gateway.relayNodes[].advertiseAddress[]" (printf "other nodes cannot reach the relay node at %s (use an address that the other nodes can reach)" (include "edgemesh.common.shown" $value)) "relay-loopback") -}}
{{- end -}}
{{- end -}}
{{- range $value := $all_gateway_modules_edgeTunnel_relayNodes_advertiseAddress -}}
{{- if and (not (kindIs "invalid" $value)) (regexMatch "^(127\\.[0-9.]+|::1|localhost)$" (toString $value)) -}}
{{- $warnings = append $warnings (list "gateway.modules.edgeTunnel.relayNodes[].advertiseAddress[]" (printf "other nodes cannot reach the relay node at %s (use an address that the other nodes can reach)" (include "edgemesh.common.shown" $value)) "relay-loopback") -}}
{{- end -}}
{{- end -}}

{{- /* relay-twice */ -}}
{{- range $value := $all_agent_relayNodes_nodeName -}}
{{- if gt (len $all_agent_relayNodes_nodeName) (add 1 (len (without $all_agent_relayNodes_nodeName $value)) | int) -}}
{{- $warnings = append $warnings (list "agent.relayNodes[].nodeName" (printf "this relay node is listed twice, and EdgeMesh uses only one of the entries (got %s) (put all its addresses in one entry)" (include "edgemesh.common.shown" $value)) "relay-twice") -}}
{{- end -}}
{{- end -}}
{{- range $value := $all_agent_modules_edgeTunnel_relayNodes_nodeName -}}
{{- if gt (len $all_agent_modules_edgeTunnel_relayNodes_nodeName) (add 1 (len (without $all_agent_modules_edgeTunnel_relayNodes_nodeName $value)) | int) -}}
{{- $warnings = append $warnings (list "agent.modules.edgeTunnel.relayNodes[].nodeName" (printf "this relay node is listed twice, and EdgeMesh uses only one of the entries (got %s) (put all its addresses in one entry)" (include "edgemesh.common.shown" $value)) "relay-twice") -}}
{{- end -}}
{{- end -}}
{{- range $value := $all_gateway_relayNodes_nodeName -}}
{{- if gt (len $all_gateway_relayNodes_nodeName) (add 1 (len (without $all_gateway_relayNodes_nodeName $value)) | int) -}}
{{- $warnings = append $warnings (list "gateway.relayNodes[].nodeName" (printf "this relay node is listed twice, and EdgeMesh uses only one of the entries (got %s) (put all its addresses in one entry)" (include "edgemesh.common.shown" $value)) "relay-twice") -}}
{{- end -}}
{{- end -}}
{{- range $value := $all_gateway_modules_edgeTunnel_relayNodes_nodeName -}}
{{- if gt (len $all_gateway_modules_edgeTunnel_relayNodes_nodeName) (add 1 (len (without $all_gateway_modules_edgeTunnel_relayNodes_nodeName $value)) | int) -}}
{{- $warnings = append $warnings (list "gateway.modules.edgeTunnel.relayNodes[].nodeName" (printf "this relay node is listed twice, and EdgeMesh uses only one of the entries (got %s) (put all its addresses in one entry)" (include "edgemesh.common.shown" $value)) "relay-twice") -}}
{{- end -}}
{{- end -}}

{{- /* security-without-authorization */ -}}
{{- if not (kindIs "invalid" $agent_kubeAPIConfig_metaServer_security.insecureSkipTLSVerify) -}}
{{- if or (kindIs "invalid" $agent_kubeAPIConfig_metaServer_security.requireAuthorization) (eq (toJson $agent_kubeAPIConfig_metaServer_security.requireAuthorization) "false") -}}
{{- $warnings = append $warnings (list "agent.kubeAPIConfig.metaServer.security" "has no effect while requireAuthorization is off (set requireAuthorization to true, or set a profile)" "security-without-authorization") -}}
{{- end -}}
{{- end -}}

{{- /* security-without-authorization */ -}}
{{- if not (kindIs "invalid" $agent_kubeAPIConfig_metaServer_security.tlsCaFile) -}}
{{- if or (kindIs "invalid" $agent_kubeAPIConfig_metaServer_security.requireAuthorization) (eq (toJson $agent_kubeAPIConfig_metaServer_security.requireAuthorization) "false") -}}
{{- $warnings = append $warnings (list "agent.kubeAPIConfig.metaServer.security" "has no effect while requireAuthorization is off (set requireAuthorization to true, or set a profile)" "security-without-authorization") -}}
{{- end -}}
{{- end -}}

{{- /* security-without-authorization */ -}}
{{- if not (kindIs "invalid" $agent_kubeAPIConfig_metaServer_security.tlsCertFile) -}}
{{- if or (kindIs "invalid" $agent_kubeAPIConfig_metaServer_security.requireAuthorization) (eq (toJson $agent_kubeAPIConfig_metaServer_security.requireAuthorization) "false") -}}
{{- $warnings = append $warnings (list "agent.kubeAPIConfig.metaServer.security" "has no effect while requireAuthorization is off (set requireAuthorization to true, or set a profile)" "security-without-authorization") -}}
{{- end -}}
{{- end -}}

{{- /* security-without-authorization */ -}}
{{- if not (kindIs "invalid" $agent_kubeAPIConfig_metaServer_security.tlsPrivateKeyFile) -}}
{{- if or (kindIs "invalid" $agent_kubeAPIConfig_metaServer_security.requireAuthorization) (eq (toJson $agent_kubeAPIConfig_metaServer_security.requireAuthorization) "false") -}}
{{- $warnings = append $warnings (list "agent.kubeAPIConfig.metaServer.security" "has no effect while requireAuthorization is off (set requireAuthorization to true, or set a profile)" "security-without-authorization") -}}
{{- end -}}
{{- end -}}

{{- /* public-psk */ -}}
{{- range $key, $value := dict "agent.psk" $agent.psk "gateway.psk" $gateway.psk -}}
{{- if and (not (kindIs "invalid" $value)) (regexMatch "^JugH9HP1XBouyO5pWGeZa8LtipDURrf1" (toString $value)) -}}
{{- $warnings = append $warnings (list $key "is the PSK published in the upstream chart: everyone knows it and can join the network (create one with `openssl rand -base64 32`)" "public-psk") -}}
{{- end -}}
{{- end -}}

{{- /* psk-differs */ -}}
{{- if and (and (not (kindIs "invalid" $gateway.psk)) (not (eq (toJson $gateway.psk) (toJson (ternary "" $agent.psk (kindIs "invalid" $agent.psk)))))) (eq (toJson $gateway.enable) "true") (not (empty $agent.psk)) -}}
{{- if not (empty $gateway.psk) -}}
{{- $warnings = append $warnings (list "gateway.psk" "differs from agent.psk; only members with the same PSK can connect (remove it: the gateway then uses the agent's PSK)" "psk-differs") -}}
{{- end -}}
{{- end -}}

{{- /* secret-without-authorization */ -}}
{{- if or (kindIs "invalid" $agent_kubeAPIConfig_metaServer_security.requireAuthorization) (eq (toJson $agent_kubeAPIConfig_metaServer_security.requireAuthorization) "false") -}}
{{- if not (empty $agent.metaServerSecret) -}}
{{- $warnings = append $warnings (list "agent.metaServerSecret" "has no effect while requireAuthorization is off: the chart does not mount the Secret (set agent.kubeAPIConfig.metaServer.security.requireAuthorization to true, or set a profile)" "secret-without-authorization") -}}
{{- end -}}
{{- end -}}

{{- /* https-without-authorization */ -}}
{{- if or (kindIs "invalid" $agent_kubeAPIConfig_metaServer_security.requireAuthorization) (eq (toJson $agent_kubeAPIConfig_metaServer_security.requireAuthorization) "false") -}}
{{- if and (not (kindIs "invalid" $agent_kubeAPIConfig_metaServer.server)) (regexMatch "^https://" (toString $agent_kubeAPIConfig_metaServer.server)) -}}
{{- $warnings = append $warnings (list "agent.kubeAPIConfig.metaServer.server" "is an https URL, but with requireAuthorization off the agent uses no CA and sends no token (set requireAuthorization to true, or set a profile)" "https-without-authorization") -}}
{{- end -}}
{{- end -}}

{{- /* content-type */ -}}
{{- if or (kindIs "invalid" $agent.enable) (eq (toJson $agent.enable) "true") -}}
{{- if and (not (kindIs "invalid" $agent_kubeAPIConfig.contentType)) (not (has $agent_kubeAPIConfig.contentType (list "application/json"))) -}}
{{- $warnings = append $warnings (list "agent.kubeAPIConfig.contentType" "the endpoint answers 406 to anything but JSON, so agents on edge nodes get no data (remove this key; cloud nodes use protobuf anyway)" "content-type") -}}
{{- end -}}
{{- end -}}

{{- /* endpoint-passed-over */ -}}
{{- if or (kindIs "invalid" $agent.enable) (eq (toJson $agent.enable) "true") -}}
{{- range $key, $value := dict "agent.kubeAPIConfig.master" $agent_kubeAPIConfig.master "agent.kubeAPIConfig.kubeConfig" $agent_kubeAPIConfig.kubeConfig -}}
{{- if not (empty $value) -}}
{{- $warnings = append $warnings (list $key "edge nodes then bypass the endpoint, and the metaServer settings have no effect (remove this key, or set it in agent.cloudNodes)" "endpoint-passed-over") -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* client-issuer-of-the-cluster */ -}}
{{- if ge $kubeedge 17 -}}
{{- if eq (toJson $metaServer_clientCertificate_certManager.enable) "true" -}}
{{- $warnings = append $warnings (list "metaServer.clientCertificate.certManager.enable" "the issuer must use the cluster's CA; edgecore rejects client certificates of any other CA (use an issuer with the cluster's CA, or issue the certificate with `generator certs issue --signer csr`)" "client-issuer-of-the-cluster") -}}
{{- end -}}
{{- end -}}
{{- range $kind, $found := dict "problems" $problems "warnings" $warnings -}}
{{- range $found -}}
{{- $problem := dict "where" $where "key" (index . 0) "says" (index . 1) "code" (index . 2) -}}
{{- $_ := set $site $kind (append (get $site $kind) $problem) -}}
{{- end -}}
{{- end -}}
{{- end -}}
