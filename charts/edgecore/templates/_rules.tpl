{{/* Written by `generator charts` from generator/tables/rules.yaml: what this chart rejects, or warns of.

  edgecore.rules root values where
    append to .Values._site.problems and .warnings what the rules find in the values; `where` stands before
    the key in the message
*/}}

{{- define "edgecore.rules" -}}
{{- $site := .root.Values._site -}}
{{- $values := .values -}}
{{- $where := .where -}}
{{- $problems := list -}}
{{- $warnings := list -}}
{{- $kubeedge := $site.kubeedge | trimPrefix "1." | int -}}
{{- $edgemesh := $site.edgemesh | trimPrefix "1." | int -}}
{{- $number := list "float64" "int" "int64" -}}
{{- /* Sections. One that is not a map counts as empty here: the field table rejects it. */ -}}
{{- $pattern1 := "^([A-Za-z]+://.*|\\[[0-9A-Fa-f:.]+\\]:[0-9]+|[^:/\\[\\]]+:[0-9]+)$" -}}
{{- $pattern2 := "^((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])$" -}}
{{- $pattern3 := "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$" -}}
{{- $edgeCore := ternary $values.edgeCore dict (kindIs "map" $values.edgeCore) -}}
{{- $edgeCore_featureGates := ternary $edgeCore.featureGates dict (kindIs "map" $edgeCore.featureGates) -}}
{{- $edgeCore_modules := ternary $edgeCore.modules dict (kindIs "map" $edgeCore.modules) -}}
{{- $edgeCore_modules_metaManager := ternary $edgeCore_modules.metaManager dict (kindIs "map" $edgeCore_modules.metaManager) -}}
{{- $edgeCore_modules_metaManager_metaServer := ternary $edgeCore_modules_metaManager.metaServer dict (kindIs "map" $edgeCore_modules_metaManager.metaServer) -}}
{{- $metaServer := ternary $values.metaServer dict (kindIs "map" $values.metaServer) -}}
{{- $metaServer_serverCertificate := ternary $metaServer.serverCertificate dict (kindIs "map" $metaServer.serverCertificate) -}}
{{- $metaServer_serverCertificate_certManager := ternary $metaServer_serverCertificate.certManager dict (kindIs "map" $metaServer_serverCertificate.certManager) -}}
{{- $metaServer_serverCertificate_certManager_issuerRef := ternary $metaServer_serverCertificate_certManager.issuerRef dict (kindIs "map" $metaServer_serverCertificate_certManager.issuerRef) -}}
{{- $certificateCopy := ternary $values.certificateCopy dict (kindIs "map" $values.certificateCopy) -}}
{{- $agent := ternary $values.agent dict (kindIs "map" $values.agent) -}}
{{- $edgeCore_modules_edged := ternary $edgeCore_modules.edged dict (kindIs "map" $edgeCore_modules.edged) -}}
{{- $edgeCore_modules_edged_tailoredKubeletConfig := ternary $edgeCore_modules_edged.tailoredKubeletConfig dict (kindIs "map" $edgeCore_modules_edged.tailoredKubeletConfig) -}}
{{- $agent_commonConfig := ternary $agent.commonConfig dict (kindIs "map" $agent.commonConfig) -}}
{{- $cluster := ternary $values.cluster dict (kindIs "map" $values.cluster) -}}
{{- $edgeCore_modules_edgeHub := ternary $edgeCore_modules.edgeHub dict (kindIs "map" $edgeCore_modules.edgeHub) -}}
{{- $edgeCore_modules_edgeHub_websocket := ternary $edgeCore_modules_edgeHub.websocket dict (kindIs "map" $edgeCore_modules_edgeHub.websocket) -}}
{{- $edgeCore_modules_edgeHub_quic := ternary $edgeCore_modules_edgeHub.quic dict (kindIs "map" $edgeCore_modules_edgeHub.quic) -}}
{{- $edgeCore_modules_eventBus := ternary $edgeCore_modules.eventBus dict (kindIs "map" $edgeCore_modules.eventBus) -}}
{{- $edgeCore_modules_taskManager := ternary $edgeCore_modules.taskManager dict (kindIs "map" $edgeCore_modules.taskManager) -}}

{{- /* tls-needs-1.12 */ -}}
{{- if le $kubeedge 11 -}}
{{- if has $values.profile (list "one-way" "one-way-verified" "mtls") -}}
{{- $problems = append $problems (list "profile" (printf "KubeEdge %s cannot serve the endpoint over TLS (use profile plain, or KubeEdge 1.12 or newer)" (include "edgecore.common.host" $values.kubeedgeVersion)) "tls-needs-1.12") -}}
{{- end -}}
{{- end -}}

{{- /* edgecore-gate-against-profile */ -}}
{{- if has $values.profile (list "one-way" "one-way-verified" "mtls") -}}
{{- if eq (toJson (ternary false $edgeCore_featureGates.requireAuthorization (kindIs "invalid" $edgeCore_featureGates.requireAuthorization))) "false" -}}
{{- $problems = append $problems (list "edgeCore.featureGates.requireAuthorization" (printf "contradicts profile=%s, which needs it true (remove this key, or use profile plain)" (include "edgecore.common.host" $values.profile)) "edgecore-gate-against-profile") -}}
{{- end -}}
{{- end -}}

{{- /* plain-with-edgecore-gate */ -}}
{{- if has $values.profile (list "plain") -}}
{{- if eq (toJson $edgeCore_featureGates.requireAuthorization) "true" -}}
{{- $problems = append $problems (list "edgeCore.featureGates.requireAuthorization" "contradicts profile=plain, which speaks http (remove this key, or use profile one-way-verified)" "plain-with-edgecore-gate") -}}
{{- end -}}
{{- end -}}

{{- /* endpoint-against-profile */ -}}
{{- if not (kindIs "invalid" $values.profile) -}}
{{- if eq (toJson (ternary false $edgeCore_modules_metaManager_metaServer.enable (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.enable))) "false" -}}
{{- $problems = append $problems (list "edgeCore.modules.metaManager.metaServer.enable" (printf "contradicts profile=%s; nothing would listen on the endpoint (remove this key, or unset profile)" (include "edgecore.common.host" $values.profile)) "endpoint-against-profile") -}}
{{- end -}}
{{- end -}}

{{- /* server-certificate-twice */ -}}
{{- if not (empty $metaServer_serverCertificate.existingSecret) -}}
{{- if eq (toJson $metaServer_serverCertificate_certManager.enable) "true" -}}
{{- $problems = append $problems (list "metaServer.serverCertificate.certManager.enable" "contradicts metaServer.serverCertificate.existingSecret (keep one of the two)" "server-certificate-twice") -}}
{{- end -}}
{{- end -}}

{{- /* server-issuer */ -}}
{{- if empty $metaServer_serverCertificate_certManager_issuerRef.name -}}
{{- if eq (toJson $metaServer_serverCertificate_certManager.enable) "true" -}}
{{- $problems = append $problems (list "metaServer.serverCertificate.certManager.issuerRef.name" "cert-manager needs the name of the issuer that signs (name an Issuer or ClusterIssuer)" "server-issuer") -}}
{{- end -}}
{{- end -}}

{{- /* copy-without-secret */ -}}
{{- if and (empty $metaServer_serverCertificate.existingSecret) (eq (toJson (ternary false $metaServer_serverCertificate_certManager.enable (kindIs "invalid" $metaServer_serverCertificate_certManager.enable))) "false") -}}
{{- if eq (toJson $certificateCopy.enable) "true" -}}
{{- $problems = append $problems (list "certificateCopy.enable" "there is no secret to copy from (set metaServer.serverCertificate.existingSecret, or metaServer.serverCertificate.certManager)" "copy-without-secret") -}}
{{- end -}}
{{- end -}}

{{- /* copy-without-tls */ -}}
{{- if le $kubeedge 11 -}}
{{- if eq (toJson $certificateCopy.enable) "true" -}}
{{- $problems = append $problems (list "certificateCopy.enable" (printf "KubeEdge %s cannot serve the endpoint over TLS (remove this key)" (include "edgecore.common.host" $values.kubeedgeVersion)) "copy-without-tls") -}}
{{- end -}}
{{- end -}}

{{- /* copy-without-reader */ -}}
{{- if ge $kubeedge 17 -}}
{{- if eq (toJson $certificateCopy.enable) "true" -}}
{{- $problems = append $problems (list "certificateCopy.enable" "from KubeEdge 1.17 on edgecore makes its own certificate and reads none (remove this key)" "copy-without-reader") -}}
{{- end -}}
{{- end -}}

{{- /* copy-of-authority-elsewhere */ -}}
{{- if and (ge $kubeedge 12) (le $kubeedge 16) (eq (toJson $certificateCopy.enable) "true") -}}
{{- if and (not (kindIs "invalid" (ternary "/etc/kubeedge/ca/rootCA.crt" $edgeCore_modules_metaManager_metaServer.tlsCaFile (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.tlsCaFile)))) (not (eq (toJson (ternary "/etc/kubeedge/ca/rootCA.crt" $edgeCore_modules_metaManager_metaServer.tlsCaFile (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.tlsCaFile))) (toJson (ternary "" $metaServer.caFile (has (toString $metaServer.caFile) (list "" "<nil>")))))) -}}
{{- $problems = append $problems (list "edgeCore.modules.metaManager.metaServer.tlsCaFile" "the copy goes to metaServer.caFile, edgecore looks here (remove this key and set metaServer.caFile, or use a profile)" "copy-of-authority-elsewhere") -}}
{{- end -}}
{{- end -}}

{{- /* copy-of-certificate-elsewhere */ -}}
{{- if and (ge $kubeedge 12) (le $kubeedge 16) (eq (toJson $certificateCopy.enable) "true") -}}
{{- if and (not (kindIs "invalid" (ternary "/etc/kubeedge/certs/server.crt" $edgeCore_modules_metaManager_metaServer.tlsCertFile (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.tlsCertFile)))) (not (eq (toJson (ternary "/etc/kubeedge/certs/server.crt" $edgeCore_modules_metaManager_metaServer.tlsCertFile (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.tlsCertFile))) (toJson (ternary "" $metaServer.certFile (has (toString $metaServer.certFile) (list "" "<nil>")))))) -}}
{{- $problems = append $problems (list "edgeCore.modules.metaManager.metaServer.tlsCertFile" "the copy goes to metaServer.certFile, edgecore looks here (remove this key and set metaServer.certFile, or use a profile)" "copy-of-certificate-elsewhere") -}}
{{- end -}}
{{- end -}}

{{- /* copy-of-key-elsewhere */ -}}
{{- if and (ge $kubeedge 12) (le $kubeedge 16) (eq (toJson $certificateCopy.enable) "true") -}}
{{- if and (not (kindIs "invalid" (ternary "/etc/kubeedge/certs/server.key" $edgeCore_modules_metaManager_metaServer.tlsPrivateKeyFile (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.tlsPrivateKeyFile)))) (not (eq (toJson (ternary "/etc/kubeedge/certs/server.key" $edgeCore_modules_metaManager_metaServer.tlsPrivateKeyFile (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.tlsPrivateKeyFile))) (toJson (ternary "" $metaServer.keyFile (has (toString $metaServer.keyFile) (list "" "<nil>")))))) -}}
{{- $problems = append $problems (list "edgeCore.modules.metaManager.metaServer.tlsPrivateKeyFile" "the copy goes to metaServer.keyFile, edgecore looks here (remove this key and set metaServer.keyFile, or use a profile)" "copy-of-key-elsewhere") -}}
{{- end -}}
{{- end -}}

{{- /* copy-over-edgecores-own */ -}}
{{- if eq (toJson $certificateCopy.enable) "true" -}}
{{- range $key, $value := dict "metaServer.caFile" $metaServer.caFile "metaServer.certFile" $metaServer.certFile "metaServer.keyFile" $metaServer.keyFile -}}
{{- if and (not (kindIs "invalid" $value)) (regexMatch "^/+etc/+kubeedge/+(certs|ca|config|pki)(/|$)" (toString $value)) -}}
{{- $problems = append $problems (list $key (printf "edgecore keeps files of its own there, which the copy would replace (got %s) (use a directory apart, for example /etc/kubeedge/metaserver)" (include "edgecore.common.shown" $value)) "copy-over-edgecores-own") -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* copy-path */ -}}
{{- if eq (toJson $certificateCopy.enable) "true" -}}
{{- range $key, $value := dict "metaServer.caFile" $metaServer.caFile "metaServer.certFile" $metaServer.certFile "metaServer.keyFile" $metaServer.keyFile -}}
{{- if and (not (kindIs "invalid" $value)) (not (regexMatch "^(/[-A-Za-z0-9._]+){2,}$" (toString $value))) -}}
{{- $problems = append $problems (list $key (printf "must be an absolute path to a file below a directory, of letters, digits, dots, - and _ (got %s)" (include "edgecore.common.shown" $value)) "copy-path") -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* copy-onto-itself */ -}}
{{- if eq (toJson $certificateCopy.enable) "true" -}}
{{- if eq (toJson $metaServer.keyFile) (toJson (ternary "" $metaServer.certFile (has (toString $metaServer.certFile) (list "" "<nil>")))) -}}
{{- $problems = append $problems (list "metaServer.keyFile" (printf "is metaServer.certFile as well (got %s)" (include "edgecore.common.shown" $metaServer.keyFile)) "copy-onto-itself") -}}
{{- end -}}
{{- end -}}

{{- /* cluster-dns-differs */ -}}
{{- if and (ge $kubeedge 12) (eq (toJson (ternary true $agent.enable (kindIs "invalid" $agent.enable))) "true") -}}
{{- if and (not (kindIs "invalid" $edgeCore_modules_edged_tailoredKubeletConfig.clusterDNS)) (not (has (ternary "" $agent_commonConfig.bridgeDeviceIP (has (toString $agent_commonConfig.bridgeDeviceIP) (list "" "<nil>"))) (ternary $edgeCore_modules_edged_tailoredKubeletConfig.clusterDNS (list $edgeCore_modules_edged_tailoredKubeletConfig.clusterDNS) (kindIs "slice" $edgeCore_modules_edged_tailoredKubeletConfig.clusterDNS)))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.tailoredKubeletConfig.clusterDNS" (printf "must hold agent.commonConfig.bridgeDeviceIP (%s), where EdgeMesh answers DNS (set both to the same address, or agent.enable=false without EdgeMesh)" (include "edgecore.common.host" $agent_commonConfig.bridgeDeviceIP)) "cluster-dns-differs") -}}
{{- end -}}
{{- end -}}

{{- /* cluster-dns-differs-1.11 */ -}}
{{- if and (le $kubeedge 11) (eq (toJson (ternary true $agent.enable (kindIs "invalid" $agent.enable))) "true") -}}
{{- if and (not (kindIs "invalid" $edgeCore_modules_edged.clusterDNS)) (not (has (ternary "" $agent_commonConfig.bridgeDeviceIP (has (toString $agent_commonConfig.bridgeDeviceIP) (list "" "<nil>"))) (ternary $edgeCore_modules_edged.clusterDNS (list $edgeCore_modules_edged.clusterDNS) (kindIs "slice" $edgeCore_modules_edged.clusterDNS)))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.clusterDNS" (printf "must be agent.commonConfig.bridgeDeviceIP (%s), where EdgeMesh answers DNS (set both to the same address, or agent.enable=false without EdgeMesh)" (include "edgecore.common.host" $agent_commonConfig.bridgeDeviceIP)) "cluster-dns-differs-1.11") -}}
{{- end -}}
{{- end -}}

{{- /* object-name */ -}}
{{- if and (not (kindIs "invalid" (ternary "" $values.fullnameOverride (kindIs "invalid" $values.fullnameOverride)))) (not (regexMatch "^([a-z0-9]([-a-z0-9]*[a-z0-9])?)?$" (toString (ternary "" $values.fullnameOverride (kindIs "invalid" $values.fullnameOverride))))) -}}
{{- $problems = append $problems (list "fullnameOverride" (printf "must be a name of lower case letters, digits and - (got %s)" (include "edgecore.common.shown" (ternary "" $values.fullnameOverride (kindIs "invalid" $values.fullnameOverride)))) "object-name") -}}
{{- end -}}

{{- /* label-name */ -}}
{{- if and (not (kindIs "invalid" (ternary "" $values.nameOverride (kindIs "invalid" $values.nameOverride)))) (not (regexMatch "^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$" (toString (ternary "" $values.nameOverride (kindIs "invalid" $values.nameOverride))))) -}}
{{- $problems = append $problems (list "nameOverride" (printf "must be a label, at most 63 letters, digits, -, _ and . (got %s)" (include "edgecore.common.shown" (ternary "" $values.nameOverride (kindIs "invalid" $values.nameOverride)))) "label-name") -}}
{{- end -}}

{{- /* cluster-domain */ -}}
{{- if eq (toJson (ternary true $agent.enable (kindIs "invalid" $agent.enable))) "true" -}}
{{- if and (not (kindIs "invalid" $cluster.domain)) (not (has $cluster.domain (list "cluster.local"))) -}}
{{- $problems = append $problems (list "cluster.domain" (printf "EdgeMesh answers for cluster.local only, it has the domain compiled in (got %s) (use cluster.local, or agent.enable=false without EdgeMesh)" (include "edgecore.common.shown" $cluster.domain)) "cluster-domain") -}}
{{- end -}}
{{- end -}}

{{- /* edge-cluster-domain */ -}}
{{- if and (ge $kubeedge 12) (has $cluster.domain (list "cluster.local")) (eq (toJson (ternary true $agent.enable (kindIs "invalid" $agent.enable))) "true") -}}
{{- if and (not (kindIs "invalid" (ternary "cluster.local" $edgeCore_modules_edged_tailoredKubeletConfig.clusterDomain (kindIs "invalid" $edgeCore_modules_edged_tailoredKubeletConfig.clusterDomain)))) (not (has (ternary "cluster.local" $edgeCore_modules_edged_tailoredKubeletConfig.clusterDomain (kindIs "invalid" $edgeCore_modules_edged_tailoredKubeletConfig.clusterDomain)) (list "cluster.local"))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.tailoredKubeletConfig.clusterDomain" (printf "EdgeMesh answers for cluster.local only, it has the domain compiled in (got %s) (use cluster.local, or agent.enable=false without EdgeMesh)" (include "edgecore.common.shown" (ternary "cluster.local" $edgeCore_modules_edged_tailoredKubeletConfig.clusterDomain (kindIs "invalid" $edgeCore_modules_edged_tailoredKubeletConfig.clusterDomain)))) "edge-cluster-domain") -}}
{{- end -}}
{{- end -}}

{{- /* server-is-url */ -}}
{{- if ge $kubeedge 9 -}}
{{- if and (not (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.server)) (regexMatch "^[A-Za-z]+://" (toString $edgeCore_modules_metaManager_metaServer.server)) -}}
{{- $problems = append $problems (list "edgeCore.modules.metaManager.metaServer.server" (printf "must be IP:port, a URL kills or mutes the endpoint (got %s) (for example 127.0.0.1:10550)" (include "edgecore.common.shown" $edgeCore_modules_metaManager_metaServer.server)) "server-is-url") -}}
{{- end -}}
{{- end -}}

{{- /* server-without-port */ -}}
{{- if ge $kubeedge 9 -}}
{{- if and (not (kindIs "invalid" (ternary "127.0.0.1:10550" $edgeCore_modules_metaManager_metaServer.server (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.server)))) (not (regexMatch $pattern1 (toString (ternary "127.0.0.1:10550" $edgeCore_modules_metaManager_metaServer.server (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.server))))) -}}
{{- $problems = append $problems (list "edgeCore.modules.metaManager.metaServer.server" (printf "must be IP:port (got %s) (for example 127.0.0.1:10550)" (include "edgecore.common.shown" (ternary "127.0.0.1:10550" $edgeCore_modules_metaManager_metaServer.server (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.server)))) "server-without-port") -}}
{{- end -}}
{{- end -}}

{{- /* server-name-with-authorization */ -}}
{{- if and (ge $kubeedge 17) (eq (toJson $edgeCore_featureGates.requireAuthorization) "true") -}}
{{- if and (not (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.server)) (regexMatch "^[A-Za-z][A-Za-z0-9.-]*:[0-9]+$" (toString $edgeCore_modules_metaManager_metaServer.server)) -}}
{{- $problems = append $problems (list "edgeCore.modules.metaManager.metaServer.server" (printf "must be an IP address and a port, no certificate is issued for a name (got %s) (for example 127.0.0.1:10550)" (include "edgecore.common.shown" $edgeCore_modules_metaManager_metaServer.server)) "server-name-with-authorization") -}}
{{- end -}}
{{- end -}}

{{- /* dummy-server-without-port */ -}}
{{- if ge $kubeedge 17 -}}
{{- if and (not (kindIs "invalid" (ternary "169.254.30.10:10550" $edgeCore_modules_metaManager_metaServer.dummyServer (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.dummyServer)))) (not (regexMatch "^(\\[[0-9A-Fa-f:.]+\\]|[0-9.]+):[0-9]+$" (toString (ternary "169.254.30.10:10550" $edgeCore_modules_metaManager_metaServer.dummyServer (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.dummyServer))))) -}}
{{- $problems = append $problems (list "edgeCore.modules.metaManager.metaServer.dummyServer" (printf "must be IP:port; edgecore panics on anything else under requireAuthorization (got %s) (for example 169.254.30.10:10550)" (include "edgecore.common.shown" (ternary "169.254.30.10:10550" $edgeCore_modules_metaManager_metaServer.dummyServer (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.dummyServer)))) "dummy-server-without-port") -}}
{{- end -}}
{{- end -}}

{{- /* bridge-is-dummy-address */ -}}
{{- if eq (toJson $agent_commonConfig.bridgeDeviceIP) (toJson (ternary "" $metaServer.dummyAddress (has (toString $metaServer.dummyAddress) (list "" "<nil>")))) -}}
{{- $problems = append $problems (list "agent.commonConfig.bridgeDeviceIP" (printf "equals metaServer.dummyAddress; EdgeMesh's device and the endpoint's need an address each (got %s) (the defaults are 169.254.96.16 and 169.254.30.10)" (include "edgecore.common.shown" $agent_commonConfig.bridgeDeviceIP)) "bridge-is-dummy-address") -}}
{{- end -}}

{{- /* bridge-address */ -}}
{{- if and (not (kindIs "invalid" $agent_commonConfig.bridgeDeviceIP)) (not (regexMatch $pattern2 (toString $agent_commonConfig.bridgeDeviceIP))) -}}
{{- $problems = append $problems (list "agent.commonConfig.bridgeDeviceIP" (printf "must be an IPv4 address, the agent exits on anything else (got %s) (for example 169.254.96.16)" (include "edgecore.common.shown" $agent_commonConfig.bridgeDeviceIP)) "bridge-address") -}}
{{- end -}}

{{- /* edge-hub-both */ -}}
{{- if eq (toJson (ternary true $edgeCore_modules_edgeHub_websocket.enable (kindIs "invalid" $edgeCore_modules_edgeHub_websocket.enable))) "true" -}}
{{- if eq (toJson (ternary false $edgeCore_modules_edgeHub_quic.enable (kindIs "invalid" $edgeCore_modules_edgeHub_quic.enable))) "true" -}}
{{- $problems = append $problems (list "edgeCore.modules.edgeHub.quic.enable" "websocket and quic cannot both be on (set edgeCore.modules.edgeHub.websocket.enable=false, or quic.enable=false)" "edge-hub-both") -}}
{{- end -}}
{{- end -}}

{{- /* edge-hub-neither */ -}}
{{- if eq (toJson (ternary false $edgeCore_modules_edgeHub_quic.enable (kindIs "invalid" $edgeCore_modules_edgeHub_quic.enable))) "false" -}}
{{- if eq (toJson (ternary true $edgeCore_modules_edgeHub_websocket.enable (kindIs "invalid" $edgeCore_modules_edgeHub_websocket.enable))) "false" -}}
{{- $problems = append $problems (list "edgeCore.modules.edgeHub.websocket.enable" "one of websocket and quic must be on (set edgeCore.modules.edgeHub.quic.enable=true, or websocket.enable=true)" "edge-hub-neither") -}}
{{- end -}}
{{- end -}}

{{- /* node-name */ -}}
{{- if ge $kubeedge 9 -}}
{{- if and (not (kindIs "invalid" (ternary "node" $edgeCore_modules_edged.hostnameOverride (kindIs "invalid" $edgeCore_modules_edged.hostnameOverride)))) (not (regexMatch $pattern3 (toString (ternary "node" $edgeCore_modules_edged.hostnameOverride (kindIs "invalid" $edgeCore_modules_edged.hostnameOverride))))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.hostnameOverride" (printf "must be a node name, lower case letters, digits, - and . (got %s)" (include "edgecore.common.shown" (ternary "node" $edgeCore_modules_edged.hostnameOverride (kindIs "invalid" $edgeCore_modules_edged.hostnameOverride)))) "node-name") -}}
{{- end -}}
{{- end -}}

{{- /* cgroup-driver */ -}}
{{- if ge $kubeedge 12 -}}
{{- if and (not (kindIs "invalid" (ternary "cgroupfs" $edgeCore_modules_edged_tailoredKubeletConfig.cgroupDriver (kindIs "invalid" $edgeCore_modules_edged_tailoredKubeletConfig.cgroupDriver)))) (not (has (ternary "cgroupfs" $edgeCore_modules_edged_tailoredKubeletConfig.cgroupDriver (kindIs "invalid" $edgeCore_modules_edged_tailoredKubeletConfig.cgroupDriver)) (list "cgroupfs" "systemd"))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.tailoredKubeletConfig.cgroupDriver" (printf "must be cgroupfs or systemd (got %s)" (include "edgecore.common.shown" (ternary "cgroupfs" $edgeCore_modules_edged_tailoredKubeletConfig.cgroupDriver (kindIs "invalid" $edgeCore_modules_edged_tailoredKubeletConfig.cgroupDriver)))) "cgroup-driver") -}}
{{- end -}}
{{- end -}}

{{- /* mqtt-mode */ -}}
{{- if and (not (kindIs "invalid" (ternary 2 $edgeCore_modules_eventBus.mqttMode (kindIs "invalid" $edgeCore_modules_eventBus.mqttMode)))) (not (has (toJson (ternary 2 $edgeCore_modules_eventBus.mqttMode (kindIs "invalid" $edgeCore_modules_eventBus.mqttMode))) (list "0" "1" "2"))) -}}
{{- $problems = append $problems (list "edgeCore.modules.eventBus.mqttMode" (printf "must be 0 (internal), 1 (both) or 2 (external) (got %s)" (include "edgecore.common.shown" (ternary 2 $edgeCore_modules_eventBus.mqttMode (kindIs "invalid" $edgeCore_modules_eventBus.mqttMode)))) "mqtt-mode") -}}
{{- end -}}

{{- /* message-rate */ -}}
{{- if ge $kubeedge 11 -}}
{{- range $key, $value := dict "edgeCore.modules.edgeHub.messageQPS" $edgeCore_modules_edgeHub.messageQPS "edgeCore.modules.edgeHub.messageBurst" $edgeCore_modules_edgeHub.messageBurst -}}
{{- if and (has (kindOf $value) $number) (lt (float64 $value) (float64 0)) -}}
{{- $problems = append $problems (list $key (printf "must be 0 or more (got %s)" (include "edgecore.common.shown" $value)) "message-rate") -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* endpoint-address */ -}}
{{- if and (not (kindIs "invalid" $metaServer.address)) (not (regexMatch "^([0-9.]+|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*|localhost)$" (toString $metaServer.address))) -}}
{{- $problems = append $problems (list "metaServer.address" (printf "must be an IP address, without scheme and port (got %s) (for example 127.0.0.1)" (include "edgecore.common.shown" $metaServer.address)) "endpoint-address") -}}
{{- end -}}

{{- /* plain-exposes */ -}}
{{- if has $values.profile (list "plain") -}}
{{- $warnings = append $warnings (list "profile" "the endpoint answers anybody on the node without authentication, Secrets included, and one watch of a forbidden type stalls it for every node (use profile one-way-verified from KubeEdge 1.12 on)" "plain-exposes") -}}
{{- end -}}

{{- /* open-endpoint */ -}}
{{- if and (eq (toJson (ternary false $edgeCore_featureGates.requireAuthorization (kindIs "invalid" $edgeCore_featureGates.requireAuthorization))) "false") (kindIs "invalid" $values.profile) -}}
{{- if eq (toJson $edgeCore_modules_metaManager_metaServer.enable) "true" -}}
{{- $warnings = append $warnings (list "edgeCore.modules.metaManager.metaServer.enable" "the endpoint answers anybody on the node without authentication, Secrets included, and one watch of a forbidden type stalls it for every node (use profile one-way-verified from KubeEdge 1.12 on)" "open-endpoint") -}}
{{- end -}}
{{- end -}}

{{- /* listens-everywhere */ -}}
{{- range $key, $value := dict "metaServer.address" $metaServer.address "edgeCore.modules.metaManager.metaServer.server" $edgeCore_modules_metaManager_metaServer.server -}}
{{- if and (not (kindIs "invalid" $value)) (regexMatch "^(0\\.0\\.0\\.0|::|\\[::\\])(:[0-9]+)?$" (toString $value)) -}}
{{- $warnings = append $warnings (list $key "the endpoint listens on every interface of the node; from 1.17 on its certificate names none of their addresses (use 127.0.0.1; pods reach metaServer.dummyAddress from 1.17 on)" "listens-everywhere") -}}
{{- end -}}
{{- end -}}

{{- /* offline-restart */ -}}
{{- if ge $kubeedge 17 -}}
{{- if eq (toJson $edgeCore_featureGates.requireAuthorization) "true" -}}
{{- $warnings = append $warnings (list "edgeCore.featureGates.requireAuthorization" "an edge node that restarts edgecore while cloudcore is out of reach has no endpoint, and edgecore dies after 4 minutes (keep cloudcore reachable across restarts, or use profile plain where autonomy matters more)" "offline-restart") -}}
{{- end -}}
{{- end -}}

{{- /* no-cloud-address */ -}}
{{- if empty $edgeCore_modules_edgeHub_websocket.server -}}
{{- $warnings = append $warnings (list "edgeCore.modules.edgeHub.websocket.server" "edgecore.yaml does not say where cloudcore is (set cloudCore.modules.cloudHub.advertiseAddress[0], or pass --cloudcore-ipport to keadm)" "no-cloud-address") -}}
{{- end -}}

{{- /* ignored-tls-files */ -}}
{{- if ge $kubeedge 17 -}}
{{- range $key, $value := dict "edgeCore.modules.metaManager.metaServer.tlsCaFile" $edgeCore_modules_metaManager_metaServer.tlsCaFile "edgeCore.modules.metaManager.metaServer.tlsCertFile" $edgeCore_modules_metaManager_metaServer.tlsCertFile "edgeCore.modules.metaManager.metaServer.tlsPrivateKeyFile" $edgeCore_modules_metaManager_metaServer.tlsPrivateKeyFile -}}
{{- if not (kindIs "invalid" $value) -}}
{{- $warnings = append $warnings (list $key "edgecore ignores this file from 1.17 on, its certificate comes from the cluster (remove it)" "ignored-tls-files") -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* hub-certificate-served */ -}}
{{- if and (ge $kubeedge 12) (le $kubeedge 16) (eq (toJson $edgeCore_modules_metaManager_metaServer.enable) "true") (eq (toJson $edgeCore_featureGates.requireAuthorization) "true") -}}
{{- if has (ternary "/etc/kubeedge/certs/server.crt" $edgeCore_modules_metaManager_metaServer.tlsCertFile (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.tlsCertFile)) (list "/etc/kubeedge/certs/server.crt") -}}
{{- $warnings = append $warnings (list "edgeCore.modules.metaManager.metaServer.tlsCertFile" "the endpoint serves the certificate of the connection to cloudcore, which no client can verify (set tlsCaFile, tlsCertFile and tlsPrivateKeyFile to files made for the endpoint, or use a profile)" "hub-certificate-served") -}}
{{- end -}}
{{- end -}}

{{- /* server-certificate-ignored */ -}}
{{- if ge $kubeedge 17 -}}
{{- if eq (toJson $metaServer_serverCertificate_certManager.enable) "true" -}}
{{- $warnings = append $warnings (list "metaServer.serverCertificate.certManager.enable" "has no effect, from KubeEdge 1.17 on edgecore makes its own certificate (remove it)" "server-certificate-ignored") -}}
{{- end -}}
{{- end -}}

{{- /* job-remote-execution */ -}}
{{- if and (not (kindIs "invalid" $values.kubeedgeVersion)) (regexMatch "^v?1\\.(2[12]|23\\.0)([.-]|$)" (toString $values.kubeedgeVersion)) -}}
{{- if eq (toJson $edgeCore_modules_taskManager.enable) "true" -}}
{{- $warnings = append $warnings (list "edgeCore.modules.taskManager.enable" "whoever may create a ConfigUpdateJob runs code as root on this node before 1.23.1 (CVE-2026-62182) (use KubeEdge 1.23.1)" "job-remote-execution") -}}
{{- end -}}
{{- end -}}
{{- range $kind, $found := dict "problems" $problems "warnings" $warnings -}}
{{- range $found -}}
{{- $problem := dict "where" $where "key" (index . 0) "says" (index . 1) "code" (index . 2) -}}
{{- $_ := set $site $kind (append (get $site $kind) $problem) -}}
{{- end -}}
{{- end -}}
{{- end -}}
