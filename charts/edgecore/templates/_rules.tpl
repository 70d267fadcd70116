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
{{- $pattern2 := "^((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3})$" -}}
{{- $pattern3 := "^(([a-z0-9]([-a-z0-9]*[a-z0-9])?)(\\.([a-z0-9]([-a-z0-9]*[a-z0-9])?))*)$" -}}
{{- $pattern4 := "^((\\[((([0-9A-Fa-f]{1,4}):){7}([0-9A-Fa-f]{1,4})|(([0-9A-Fa-f]{1,4}):){1,7}:|(([0-9A-Fa-f]{1,4}):){1,6}:([0-9A-Fa-f]{1,4})|(([0-9A-Fa-f]{1,4}):){1,5}(:([0-9A-Fa-f]{1,4})){2}|(([0-9A-Fa-f]{1,4}):){1,4}(:([0-9A-Fa-f]{1,4})){3}|(([0-9A-Fa-f]{1,4}):){1,3}(:([0-9A-Fa-f]{1,4})){4}|(([0-9A-Fa-f]{1,4}):){1,2}(:([0-9A-Fa-f]{1,4})){5}|([0-9A-Fa-f]{1,4}):(:([0-9A-Fa-f]{1,4})){6}|:((:([0-9A-Fa-f]{1,4})){1,7}|:)|(([0-9A-Fa-f]{1,4}):){6}((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3})|::(([0-9A-Fa-f]{1,4}):){0,5}((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3})|(([0-9A-Fa-f]{1,4}):){1,5}:(([0-9A-Fa-f]{1,4}):){0,4}((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}))\\]|[^]\\s:/@\\[]+):(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3}))$" -}}
{{- $pattern5 := "^(https://((\\[((([0-9A-Fa-f]{1,4}):){7}([0-9A-Fa-f]{1,4})|(([0-9A-Fa-f]{1,4}):){1,7}:|(([0-9A-Fa-f]{1,4}):){1,6}:([0-9A-Fa-f]{1,4})|(([0-9A-Fa-f]{1,4}):){1,5}(:([0-9A-Fa-f]{1,4})){2}|(([0-9A-Fa-f]{1,4}):){1,4}(:([0-9A-Fa-f]{1,4})){3}|(([0-9A-Fa-f]{1,4}):){1,3}(:([0-9A-Fa-f]{1,4})){4}|(([0-9A-Fa-f]{1,4}):){1,2}(:([0-9A-Fa-f]{1,4})){5}|([0-9A-Fa-f]{1,4}):(:([0-9A-Fa-f]{1,4})){6}|:((:([0-9A-Fa-f]{1,4})){1,7}|:)|(([0-9A-Fa-f]{1,4}):){6}((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3})|::(([0-9A-Fa-f]{1,4}):){0,5}((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3})|(([0-9A-Fa-f]{1,4}):){1,5}:(([0-9A-Fa-f]{1,4}):){0,4}((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}))\\]|[^]\\s:/@\\[]+):(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3}))/?)$" -}}
{{- $pattern6 := "^((100(\\.0+)?|[0-9]{1,2}(\\.[0-9]+)?)%|\\+?([0-9]*[1-9][0-9]*(\\.[0-9]*)?|[0-9]*\\.[0-9]*[1-9][0-9]*)([eE][-+]?[0-9]+|[numkMGTPE]|[KMGTPE]i)?)$" -}}
{{- $pattern7 := "^(([^/]*\\.)?(kubelet|node)\\.kubernetes\\.io/.*|kubernetes\\.io/(hostname|os|arch)|(topology|failure-domain\\.beta)\\.kubernetes\\.io/(region|zone)|beta\\.kubernetes\\.io/(instance-type|os|arch))$" -}}
{{- $pattern8 := "^(((([a-z0-9]([-a-z0-9]*[a-z0-9])?)(\\.([a-z0-9]([-a-z0-9]*[a-z0-9])?))*)/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)$" -}}
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
{{- $edgeCore_modules_edgeStream := ternary $edgeCore_modules.edgeStream dict (kindIs "map" $edgeCore_modules.edgeStream) -}}
{{- $edgeCore_modules_edged_tailoredKubeletConfig_evictionHard := ternary $edgeCore_modules_edged_tailoredKubeletConfig.evictionHard dict (kindIs "map" $edgeCore_modules_edged_tailoredKubeletConfig.evictionHard) -}}
{{- $all_edgeCore_modules_edged_tailoredKubeletConfig_evictionHard_values := list -}}
{{- range $name, $value := $edgeCore_modules_edged_tailoredKubeletConfig_evictionHard -}}
{{- $all_edgeCore_modules_edged_tailoredKubeletConfig_evictionHard_values = append $all_edgeCore_modules_edged_tailoredKubeletConfig_evictionHard_values $value -}}
{{- end -}}
{{- $edgeCore_modules_edged_tailoredKubeletConfig_evictionSoft := ternary $edgeCore_modules_edged_tailoredKubeletConfig.evictionSoft dict (kindIs "map" $edgeCore_modules_edged_tailoredKubeletConfig.evictionSoft) -}}
{{- $all_edgeCore_modules_edged_tailoredKubeletConfig_evictionSoft_values := list -}}
{{- range $name, $value := $edgeCore_modules_edged_tailoredKubeletConfig_evictionSoft -}}
{{- $all_edgeCore_modules_edged_tailoredKubeletConfig_evictionSoft_values = append $all_edgeCore_modules_edged_tailoredKubeletConfig_evictionSoft_values $value -}}
{{- end -}}
{{- $all_edgeCore_modules_edged_tailoredKubeletConfig_evictionHard_names := list -}}
{{- range $name, $value := $edgeCore_modules_edged_tailoredKubeletConfig_evictionHard -}}
{{- $all_edgeCore_modules_edged_tailoredKubeletConfig_evictionHard_names = append $all_edgeCore_modules_edged_tailoredKubeletConfig_evictionHard_names $name -}}
{{- end -}}
{{- $all_edgeCore_modules_edged_tailoredKubeletConfig_evictionSoft_names := list -}}
{{- range $name, $value := $edgeCore_modules_edged_tailoredKubeletConfig_evictionSoft -}}
{{- $all_edgeCore_modules_edged_tailoredKubeletConfig_evictionSoft_names = append $all_edgeCore_modules_edged_tailoredKubeletConfig_evictionSoft_names $name -}}
{{- end -}}
{{- $edgeCore_modules_edged_tailoredKubeletConfig_featureGates := ternary $edgeCore_modules_edged_tailoredKubeletConfig.featureGates dict (kindIs "map" $edgeCore_modules_edged_tailoredKubeletConfig.featureGates) -}}
{{- $all_edgeCore_modules_edged_tailoredKubeletConfig_featureGates_names := list -}}
{{- range $name, $value := $edgeCore_modules_edged_tailoredKubeletConfig_featureGates -}}
{{- $all_edgeCore_modules_edged_tailoredKubeletConfig_featureGates_names = append $all_edgeCore_modules_edged_tailoredKubeletConfig_featureGates_names $name -}}
{{- end -}}
{{- $edgeCore_modules_edged_nodeLabels := ternary $edgeCore_modules_edged.nodeLabels dict (kindIs "map" $edgeCore_modules_edged.nodeLabels) -}}
{{- $all_edgeCore_modules_edged_nodeLabels_names := list -}}
{{- range $name, $value := $edgeCore_modules_edged_nodeLabels -}}
{{- $all_edgeCore_modules_edged_nodeLabels_names = append $all_edgeCore_modules_edged_nodeLabels_names $name -}}
{{- end -}}
{{- $all_edgeCore_modules_edged_nodeLabels_values := list -}}
{{- range $name, $value := $edgeCore_modules_edged_nodeLabels -}}
{{- $all_edgeCore_modules_edged_nodeLabels_values = append $all_edgeCore_modules_edged_nodeLabels_values $value -}}
{{- end -}}
{{- $edgeCore_modules_eventBus := ternary $edgeCore_modules.eventBus dict (kindIs "map" $edgeCore_modules.eventBus) -}}
{{- $edgeCore_modules_serviceBus := ternary $edgeCore_modules.serviceBus dict (kindIs "map" $edgeCore_modules.serviceBus) -}}
{{- $edgeCore_modules_taskManager := ternary $edgeCore_modules.taskManager dict (kindIs "map" $edgeCore_modules.taskManager) -}}

{{- /* tls-needs-1.12 */ -}}
{{- if le $kubeedge 11 -}}
{{- if has $values.profile (list "one-way" "one-way-verified" "mtls") -}}
{{- $problems = append $problems (list "profile" (printf "KubeEdge %s cannot serve the endpoint over TLS (use profile plain, or KubeEdge 1.12 or newer)" (include "edgecore.common.host" $values.kubeedgeVersion)) "tls-needs-1.12") -}}
{{- end -}}
{{- end -}}

{{- /* edgecore-gate-against-profile */ -}}
{{- if has $values.profile (list "one-way" "one-way-verified" "mtls") -}}
{{- if or (kindIs "invalid" $edgeCore_featureGates.requireAuthorization) (eq (toJson $edgeCore_featureGates.requireAuthorization) "false") -}}
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
{{- if or (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.enable) (eq (toJson $edgeCore_modules_metaManager_metaServer.enable) "false") -}}
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
{{- if and (empty $metaServer_serverCertificate.existingSecret) (or (kindIs "invalid" $metaServer_serverCertificate_certManager.enable) (eq (toJson $metaServer_serverCertificate_certManager.enable) "false")) -}}
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
{{- if and (not (kindIs "invalid" (ternary "/etc/kubeedge/ca/rootCA.crt" $edgeCore_modules_metaManager_metaServer.tlsCaFile (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.tlsCaFile)))) (not (eq (toJson (ternary "/etc/kubeedge/ca/rootCA.crt" $edgeCore_modules_metaManager_metaServer.tlsCaFile (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.tlsCaFile))) (toJson (ternary "" $metaServer.caFile (kindIs "invalid" $metaServer.caFile))))) -}}
{{- $problems = append $problems (list "edgeCore.modules.metaManager.metaServer.tlsCaFile" "the copy goes to metaServer.caFile, edgecore looks here (remove this key and set metaServer.caFile, or use a profile)" "copy-of-authority-elsewhere") -}}
{{- end -}}
{{- end -}}

{{- /* copy-of-certificate-elsewhere */ -}}
{{- if and (ge $kubeedge 12) (le $kubeedge 16) (eq (toJson $certificateCopy.enable) "true") -}}
{{- if and (not (kindIs "invalid" (ternary "/etc/kubeedge/certs/server.crt" $edgeCore_modules_metaManager_metaServer.tlsCertFile (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.tlsCertFile)))) (not (eq (toJson (ternary "/etc/kubeedge/certs/server.crt" $edgeCore_modules_metaManager_metaServer.tlsCertFile (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.tlsCertFile))) (toJson (ternary "" $metaServer.certFile (kindIs "invalid" $metaServer.certFile))))) -}}
{{- $problems = append $problems (list "edgeCore.modules.metaManager.metaServer.tlsCertFile" "the copy goes to metaServer.certFile, edgecore looks here (remove this key and set metaServer.certFile, or use a profile)" "copy-of-certificate-elsewhere") -}}
{{- end -}}
{{- end -}}

{{- /* copy-of-key-elsewhere */ -}}
{{- if and (ge $kubeedge 12) (le $kubeedge 16) (eq (toJson $certificateCopy.enable) "true") -}}
{{- if and (not (kindIs "invalid" (ternary "/etc/kubeedge/certs/server.key" $edgeCore_modules_metaManager_metaServer.tlsPrivateKeyFile (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.tlsPrivateKeyFile)))) (not (eq (toJson (ternary "/etc/kubeedge/certs/server.key" $edgeCore_modules_metaManager_metaServer.tlsPrivateKeyFile (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.tlsPrivateKeyFile))) (toJson (ternary "" $metaServer.keyFile (kindIs "invalid" $metaServer.keyFile))))) -}}
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
{{- if eq (toJson $metaServer.keyFile) (toJson (ternary "" $metaServer.certFile (kindIs "invalid" $metaServer.certFile))) -}}
{{- $problems = append $problems (list "metaServer.keyFile" (printf "is metaServer.certFile as well (got %s)" (include "edgecore.common.shown" $metaServer.keyFile)) "copy-onto-itself") -}}
{{- end -}}
{{- end -}}

{{- /* cluster-dns-differs */ -}}
{{- if and (ge $kubeedge 12) (or (kindIs "invalid" $agent.enable) (eq (toJson $agent.enable) "true")) -}}
{{- if and (not (kindIs "invalid" $edgeCore_modules_edged_tailoredKubeletConfig.clusterDNS)) (not (has (ternary "" $agent_commonConfig.bridgeDeviceIP (kindIs "invalid" $agent_commonConfig.bridgeDeviceIP)) (ternary $edgeCore_modules_edged_tailoredKubeletConfig.clusterDNS (list $edgeCore_modules_edged_tailoredKubeletConfig.clusterDNS) (kindIs "slice" $edgeCore_modules_edged_tailoredKubeletConfig.clusterDNS)))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.tailoredKubeletConfig.clusterDNS" (printf "must hold agent.commonConfig.bridgeDeviceIP (%s), where EdgeMesh answers DNS (set both to the same address, or agent.enable=false without EdgeMesh)" (include "edgecore.common.host" $agent_commonConfig.bridgeDeviceIP)) "cluster-dns-differs") -}}
{{- end -}}
{{- end -}}

{{- /* cluster-dns-differs-1.11 */ -}}
{{- if and (le $kubeedge 11) (or (kindIs "invalid" $agent.enable) (eq (toJson $agent.enable) "true")) -}}
{{- if and (not (kindIs "invalid" $edgeCore_modules_edged.clusterDNS)) (not (has (ternary "" $agent_commonConfig.bridgeDeviceIP (kindIs "invalid" $agent_commonConfig.bridgeDeviceIP)) (ternary $edgeCore_modules_edged.clusterDNS (list $edgeCore_modules_edged.clusterDNS) (kindIs "slice" $edgeCore_modules_edged.clusterDNS)))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.clusterDNS" (printf "must be agent.commonConfig.bridgeDeviceIP (%s), where EdgeMesh answers DNS (set both to the same address, or agent.enable=false without EdgeMesh)" (include "edgecore.common.host" $agent_commonConfig.bridgeDeviceIP)) "cluster-dns-differs-1.11") -}}
{{- end -}}
{{- end -}}

{{- /* object-name */ -}}
{{- if and (not (kindIs "invalid" $values.fullnameOverride)) (not (regexMatch "^([a-z0-9]([-a-z0-9]*[a-z0-9])?)?$" (toString $values.fullnameOverride))) -}}
{{- $problems = append $problems (list "fullnameOverride" (printf "must be a name of lower case letters, digits and - (got %s)" (include "edgecore.common.shown" $values.fullnameOverride)) "object-name") -}}
{{- end -}}

{{- /* label-name */ -}}
{{- if and (not (kindIs "invalid" $values.nameOverride)) (not (regexMatch "^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$" (toString $values.nameOverride))) -}}
{{- $problems = append $problems (list "nameOverride" (printf "must be a label, at most 63 letters, digits, -, _ and . (got %s)" (include "edgecore.common.shown" $values.nameOverride)) "label-name") -}}
{{- end -}}

{{- /* cluster-domain */ -}}
{{- if or (kindIs "invalid" $agent.enable) (eq (toJson $agent.enable) "true") -}}
{{- if and (not (kindIs "invalid" $cluster.domain)) (not (has $cluster.domain (list "cluster.local"))) -}}
{{- $problems = append $problems (list "cluster.domain" (printf "EdgeMesh answers for cluster.local only, it has the domain compiled in (got %s) (use cluster.local, or agent.enable=false without EdgeMesh)" (include "edgecore.common.shown" $cluster.domain)) "cluster-domain") -}}
{{- end -}}
{{- end -}}

{{- /* edge-cluster-domain */ -}}
{{- if and (ge $kubeedge 12) (has $cluster.domain (list "cluster.local")) (or (kindIs "invalid" $agent.enable) (eq (toJson $agent.enable) "true")) -}}
{{- if and (not (kindIs "invalid" $edgeCore_modules_edged_tailoredKubeletConfig.clusterDomain)) (not (has $edgeCore_modules_edged_tailoredKubeletConfig.clusterDomain (list "cluster.local"))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.tailoredKubeletConfig.clusterDomain" (printf "EdgeMesh answers for cluster.local only, it has the domain compiled in (got %s) (use cluster.local, or agent.enable=false without EdgeMesh)" (include "edgecore.common.shown" $edgeCore_modules_edged_tailoredKubeletConfig.clusterDomain)) "edge-cluster-domain") -}}
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
{{- if and (not (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.server)) (not (regexMatch $pattern1 (toString $edgeCore_modules_metaManager_metaServer.server))) -}}
{{- $problems = append $problems (list "edgeCore.modules.metaManager.metaServer.server" (printf "must be IP:port (got %s) (for example 127.0.0.1:10550)" (include "edgecore.common.shown" $edgeCore_modules_metaManager_metaServer.server)) "server-without-port") -}}
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
{{- if and (not (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.dummyServer)) (not (regexMatch "^(\\[[0-9A-Fa-f:.]+\\]|[0-9.]+):[0-9]+$" (toString $edgeCore_modules_metaManager_metaServer.dummyServer))) -}}
{{- $problems = append $problems (list "edgeCore.modules.metaManager.metaServer.dummyServer" (printf "must be IP:port; edgecore panics on anything else under requireAuthorization (got %s) (for example 169.254.30.10:10550)" (include "edgecore.common.shown" $edgeCore_modules_metaManager_metaServer.dummyServer)) "dummy-server-without-port") -}}
{{- end -}}
{{- end -}}

{{- /* bridge-is-dummy-address */ -}}
{{- if eq (toJson $agent_commonConfig.bridgeDeviceIP) (toJson (ternary "" $metaServer.dummyAddress (kindIs "invalid" $metaServer.dummyAddress))) -}}
{{- $problems = append $problems (list "agent.commonConfig.bridgeDeviceIP" (printf "equals metaServer.dummyAddress; EdgeMesh's device and the endpoint's need an address each (got %s) (the defaults are 169.254.96.16 and 169.254.30.10)" (include "edgecore.common.shown" $agent_commonConfig.bridgeDeviceIP)) "bridge-is-dummy-address") -}}
{{- end -}}

{{- /* bridge-address */ -}}
{{- if and (not (kindIs "invalid" $agent_commonConfig.bridgeDeviceIP)) (not (regexMatch $pattern2 (toString $agent_commonConfig.bridgeDeviceIP))) -}}
{{- $problems = append $problems (list "agent.commonConfig.bridgeDeviceIP" (printf "must be an IPv4 address, the agent exits on anything else (got %s) (for example 169.254.96.16)" (include "edgecore.common.shown" $agent_commonConfig.bridgeDeviceIP)) "bridge-address") -}}
{{- end -}}

{{- /* edge-hub-both */ -}}
{{- if or (kindIs "invalid" $edgeCore_modules_edgeHub_websocket.enable) (eq (toJson $edgeCore_modules_edgeHub_websocket.enable) "true") -}}
{{- if eq (toJson $edgeCore_modules_edgeHub_quic.enable) "true" -}}
{{- $problems = append $problems (list "edgeCore.modules.edgeHub.quic.enable" "websocket and quic cannot both be on (set edgeCore.modules.edgeHub.websocket.enable=false, or quic.enable=false)" "edge-hub-both") -}}
{{- end -}}
{{- end -}}

{{- /* edge-hub-neither */ -}}
{{- if or (kindIs "invalid" $edgeCore_modules_edgeHub_quic.enable) (eq (toJson $edgeCore_modules_edgeHub_quic.enable) "false") -}}
{{- if eq (toJson $edgeCore_modules_edgeHub_websocket.enable) "false" -}}
{{- $problems = append $problems (list "edgeCore.modules.edgeHub.websocket.enable" "one of websocket and quic must be on (set edgeCore.modules.edgeHub.quic.enable=true, or websocket.enable=true)" "edge-hub-neither") -}}
{{- end -}}
{{- end -}}

{{- /* node-name */ -}}
{{- if ge $kubeedge 9 -}}
{{- if and (not (kindIs "invalid" $edgeCore_modules_edged.hostnameOverride)) (not (regexMatch $pattern3 (toString $edgeCore_modules_edged.hostnameOverride))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.hostnameOverride" (printf "must be a node name, lower case letters, digits, - and . (got %s)" (include "edgecore.common.shown" $edgeCore_modules_edged.hostnameOverride)) "node-name") -}}
{{- end -}}
{{- end -}}

{{- /* cgroup-driver */ -}}
{{- if ge $kubeedge 12 -}}
{{- if and (not (kindIs "invalid" $edgeCore_modules_edged_tailoredKubeletConfig.cgroupDriver)) (not (has $edgeCore_modules_edged_tailoredKubeletConfig.cgroupDriver (list "cgroupfs" "systemd"))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.tailoredKubeletConfig.cgroupDriver" (printf "must be cgroupfs or systemd (got %s)" (include "edgecore.common.shown" $edgeCore_modules_edged_tailoredKubeletConfig.cgroupDriver)) "cgroup-driver") -}}
{{- end -}}
{{- end -}}

{{- /* hub-websocket-address */ -}}
{{- if and (or (kindIs "invalid" $edgeCore_modules_edgeHub_websocket.enable) (eq (toJson $edgeCore_modules_edgeHub_websocket.enable) "true")) (or (kindIs "invalid" $edgeCore_modules_edgeHub.enable) (eq (toJson $edgeCore_modules_edgeHub.enable) "true")) -}}
{{- if and (and (not (kindIs "invalid" $edgeCore_modules_edgeHub_websocket.server)) (not (has $edgeCore_modules_edgeHub_websocket.server (list "")))) (and (not (kindIs "invalid" $edgeCore_modules_edgeHub_websocket.server)) (not (regexMatch $pattern4 (toString $edgeCore_modules_edgeHub_websocket.server)))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edgeHub.websocket.server" (printf "must be host:port without scheme and path, an IPv6 address in brackets (got %s) (for example 192.0.2.10:10000)" (include "edgecore.common.shown" $edgeCore_modules_edgeHub_websocket.server)) "hub-websocket-address") -}}
{{- end -}}
{{- end -}}

{{- /* hub-quic-address */ -}}
{{- if and (eq (toJson $edgeCore_modules_edgeHub_quic.enable) "true") (or (kindIs "invalid" $edgeCore_modules_edgeHub.enable) (eq (toJson $edgeCore_modules_edgeHub.enable) "true")) -}}
{{- if and (and (not (kindIs "invalid" $edgeCore_modules_edgeHub_quic.server)) (not (has $edgeCore_modules_edgeHub_quic.server (list "")))) (and (not (kindIs "invalid" $edgeCore_modules_edgeHub_quic.server)) (not (regexMatch $pattern4 (toString $edgeCore_modules_edgeHub_quic.server)))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edgeHub.quic.server" (printf "must be host:port without scheme and path, an IPv6 address in brackets (got %s) (for example 192.0.2.10:10001)" (include "edgecore.common.shown" $edgeCore_modules_edgeHub_quic.server)) "hub-quic-address") -}}
{{- end -}}
{{- end -}}

{{- /* hub-certificate-address */ -}}
{{- if or (kindIs "invalid" $edgeCore_modules_edgeHub.enable) (eq (toJson $edgeCore_modules_edgeHub.enable) "true") -}}
{{- if and (and (not (kindIs "invalid" $edgeCore_modules_edgeHub.httpServer)) (not (has $edgeCore_modules_edgeHub.httpServer (list "")))) (and (not (kindIs "invalid" $edgeCore_modules_edgeHub.httpServer)) (not (regexMatch $pattern5 (toString $edgeCore_modules_edgeHub.httpServer)))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edgeHub.httpServer" (printf "must be https://host:port, an IPv6 address in brackets (got %s) (for example https://192.0.2.10:10002)" (include "edgecore.common.shown" $edgeCore_modules_edgeHub.httpServer)) "hub-certificate-address") -}}
{{- end -}}
{{- end -}}

{{- /* stream-address */ -}}
{{- if eq (toJson $edgeCore_modules_edgeStream.enable) "true" -}}
{{- if and (and (not (kindIs "invalid" $edgeCore_modules_edgeStream.server)) (not (has $edgeCore_modules_edgeStream.server (list "")))) (and (not (kindIs "invalid" $edgeCore_modules_edgeStream.server)) (not (regexMatch $pattern4 (toString $edgeCore_modules_edgeStream.server)))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edgeStream.server" (printf "must be host:port without scheme and path, an IPv6 address in brackets (got %s) (for example 192.0.2.10:10004)" (include "edgecore.common.shown" $edgeCore_modules_edgeStream.server)) "stream-address") -}}
{{- end -}}
{{- end -}}

{{- /* container-runtime-docker */ -}}
{{- if and (ge $kubeedge 14) (le $kubeedge 15) (or (kindIs "invalid" $edgeCore_modules_edged.enable) (eq (toJson $edgeCore_modules_edged.enable) "true")) -}}
{{- if has $edgeCore_modules_edged.containerRuntime (list "docker") -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.containerRuntime" "edged exits, KubeEdge has no dockershim from 1.14 on (remove this key, and set edgeCore.modules.edged.remoteRuntimeEndpoint and remoteImageEndpoint to the socket of containerd (unix:///run/containerd/containerd.sock) or of cri-dockerd (unix:///var/run/cri-dockerd.sock))" "container-runtime-docker") -}}
{{- end -}}
{{- end -}}

{{- /* image-gc-thresholds */ -}}
{{- if and (ge $kubeedge 16) (or (kindIs "invalid" $edgeCore_modules_edged.enable) (eq (toJson $edgeCore_modules_edged.enable) "true")) -}}
{{- if and (has (kindOf (ternary 80 $edgeCore_modules_edged_tailoredKubeletConfig.imageGCLowThresholdPercent (kindIs "invalid" $edgeCore_modules_edged_tailoredKubeletConfig.imageGCLowThresholdPercent))) $number) (has (kindOf (ternary 85 $edgeCore_modules_edged_tailoredKubeletConfig.imageGCHighThresholdPercent (has (toJson $edgeCore_modules_edged_tailoredKubeletConfig.imageGCHighThresholdPercent) (list "null" "\"\"")))) $number) (ge (float64 (ternary 80 $edgeCore_modules_edged_tailoredKubeletConfig.imageGCLowThresholdPercent (kindIs "invalid" $edgeCore_modules_edged_tailoredKubeletConfig.imageGCLowThresholdPercent))) (float64 (ternary 85 $edgeCore_modules_edged_tailoredKubeletConfig.imageGCHighThresholdPercent (has (toJson $edgeCore_modules_edged_tailoredKubeletConfig.imageGCHighThresholdPercent) (list "null" "\"\""))))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.tailoredKubeletConfig.imageGCLowThresholdPercent" (printf "imageGCLowThresholdPercent (%s) must be below imageGCHighThresholdPercent; edged exits otherwise (the defaults are 80 and 85)" (include "edgecore.common.shown" (ternary 80 $edgeCore_modules_edged_tailoredKubeletConfig.imageGCLowThresholdPercent (kindIs "invalid" $edgeCore_modules_edged_tailoredKubeletConfig.imageGCLowThresholdPercent)))) "image-gc-thresholds") -}}
{{- end -}}
{{- end -}}

{{- /* image-gc-thresholds-1.15 */ -}}
{{- if and (ge $kubeedge 12) (le $kubeedge 15) (or (kindIs "invalid" $edgeCore_modules_edged.enable) (eq (toJson $edgeCore_modules_edged.enable) "true")) -}}
{{- if and (has (kindOf (ternary 40 $edgeCore_modules_edged_tailoredKubeletConfig.imageGCLowThresholdPercent (kindIs "invalid" $edgeCore_modules_edged_tailoredKubeletConfig.imageGCLowThresholdPercent))) $number) (has (kindOf (ternary 80 $edgeCore_modules_edged_tailoredKubeletConfig.imageGCHighThresholdPercent (has (toJson $edgeCore_modules_edged_tailoredKubeletConfig.imageGCHighThresholdPercent) (list "null" "\"\"")))) $number) (ge (float64 (ternary 40 $edgeCore_modules_edged_tailoredKubeletConfig.imageGCLowThresholdPercent (kindIs "invalid" $edgeCore_modules_edged_tailoredKubeletConfig.imageGCLowThresholdPercent))) (float64 (ternary 80 $edgeCore_modules_edged_tailoredKubeletConfig.imageGCHighThresholdPercent (has (toJson $edgeCore_modules_edged_tailoredKubeletConfig.imageGCHighThresholdPercent) (list "null" "\"\""))))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.tailoredKubeletConfig.imageGCLowThresholdPercent" (printf "imageGCLowThresholdPercent (%s) must be below imageGCHighThresholdPercent; edged exits otherwise (the defaults are 40 and 80)" (include "edgecore.common.shown" (ternary 40 $edgeCore_modules_edged_tailoredKubeletConfig.imageGCLowThresholdPercent (kindIs "invalid" $edgeCore_modules_edged_tailoredKubeletConfig.imageGCLowThresholdPercent)))) "image-gc-thresholds-1.15") -}}
{{- end -}}
{{- end -}}

{{- /* max-pods */ -}}
{{- if and (ge $kubeedge 12) (or (kindIs "invalid" $edgeCore_modules_edged.enable) (eq (toJson $edgeCore_modules_edged.enable) "true")) -}}
{{- if and (has (kindOf $edgeCore_modules_edged_tailoredKubeletConfig.maxPods) $number) (lt (float64 $edgeCore_modules_edged_tailoredKubeletConfig.maxPods) (float64 0)) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.tailoredKubeletConfig.maxPods" (printf "must be 0 or more, edged exits otherwise (got %s)" (include "edgecore.common.shown" $edgeCore_modules_edged_tailoredKubeletConfig.maxPods)) "max-pods") -}}
{{- end -}}
{{- end -}}

{{- /* hairpin-mode */ -}}
{{- if and (ge $kubeedge 12) (or (kindIs "invalid" $edgeCore_modules_edged.enable) (eq (toJson $edgeCore_modules_edged.enable) "true")) -}}
{{- if and (not (kindIs "invalid" $edgeCore_modules_edged_tailoredKubeletConfig.hairpinMode)) (not (has $edgeCore_modules_edged_tailoredKubeletConfig.hairpinMode (list "promiscuous-bridge" "hairpin-veth" "none"))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.tailoredKubeletConfig.hairpinMode" (printf "must be promiscuous-bridge, hairpin-veth or none, edged exits otherwise (got %s)" (include "edgecore.common.shown" $edgeCore_modules_edged_tailoredKubeletConfig.hairpinMode)) "hairpin-mode") -}}
{{- end -}}
{{- end -}}

{{- /* eviction-threshold */ -}}
{{- if and (ge $kubeedge 12) (or (kindIs "invalid" $edgeCore_modules_edged.enable) (eq (toJson $edgeCore_modules_edged.enable) "true")) -}}
{{- range $value := $all_edgeCore_modules_edged_tailoredKubeletConfig_evictionHard_values -}}
{{- if and (not (kindIs "invalid" $value)) (not (regexMatch $pattern6 (toString $value))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.tailoredKubeletConfig.evictionHard.*" (printf "must be a quantity above 0 or a percentage, edged exits otherwise (got %s) (for example 100Mi or 10%%)" (include "edgecore.common.shown" $value)) "eviction-threshold") -}}
{{- end -}}
{{- end -}}
{{- range $value := $all_edgeCore_modules_edged_tailoredKubeletConfig_evictionSoft_values -}}
{{- if and (not (kindIs "invalid" $value)) (not (regexMatch $pattern6 (toString $value))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.tailoredKubeletConfig.evictionSoft.*" (printf "must be a quantity above 0 or a percentage, edged exits otherwise (got %s) (for example 100Mi or 10%%)" (include "edgecore.common.shown" $value)) "eviction-threshold") -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* eviction-signal */ -}}
{{- if and (ge $kubeedge 12) (or (kindIs "invalid" $edgeCore_modules_edged.enable) (eq (toJson $edgeCore_modules_edged.enable) "true")) -}}
{{- range $value := $all_edgeCore_modules_edged_tailoredKubeletConfig_evictionHard_names -}}
{{- if and (not (kindIs "invalid" $value)) (not (has $value (list "memory.available" "allocatableMemory.available" "nodefs.available" "nodefs.inodesFree" "imagefs.available" "imagefs.inodesFree" "containerfs.available" "containerfs.inodesFree" "pid.available"))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.tailoredKubeletConfig.evictionHard.~" (printf "the kubelet knows no such eviction signal, edged exits (got %s) (for example memory.available)" (include "edgecore.common.shown" $value)) "eviction-signal") -}}
{{- end -}}
{{- end -}}
{{- range $value := $all_edgeCore_modules_edged_tailoredKubeletConfig_evictionSoft_names -}}
{{- if and (not (kindIs "invalid" $value)) (not (has $value (list "memory.available" "allocatableMemory.available" "nodefs.available" "nodefs.inodesFree" "imagefs.available" "imagefs.inodesFree" "containerfs.available" "containerfs.inodesFree" "pid.available"))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.tailoredKubeletConfig.evictionSoft.~" (printf "the kubelet knows no such eviction signal, edged exits (got %s) (for example memory.available)" (include "edgecore.common.shown" $value)) "eviction-signal") -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* enforce-without-cgroups */ -}}
{{- if and (ge $kubeedge 12) (eq (toJson $edgeCore_modules_edged_tailoredKubeletConfig.cgroupsPerQOS) "false") (or (kindIs "invalid" $edgeCore_modules_edged.enable) (eq (toJson $edgeCore_modules_edged.enable) "true")) -}}
{{- if not (empty (ternary (list "pods") $edgeCore_modules_edged_tailoredKubeletConfig.enforceNodeAllocatable (kindIs "invalid" $edgeCore_modules_edged_tailoredKubeletConfig.enforceNodeAllocatable))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.tailoredKubeletConfig.enforceNodeAllocatable" "enforceNodeAllocatable must be empty while cgroupsPerQOS is false; edged exits otherwise (set enforceNodeAllocatable to [], or leave cgroupsPerQOS out)" "enforce-without-cgroups") -}}
{{- end -}}
{{- end -}}

{{- /* kubelet-gate-name */ -}}
{{- if and (ge $kubeedge 12) (or (kindIs "invalid" $edgeCore_modules_edged.enable) (eq (toJson $edgeCore_modules_edged.enable) "true")) -}}
{{- range $value := $all_edgeCore_modules_edged_tailoredKubeletConfig_featureGates_names -}}
{{- if and (not (kindIs "invalid" $value)) (not (regexMatch "^[A-Z][A-Za-z0-9]*$" (toString $value))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.tailoredKubeletConfig.featureGates.~" (printf "the kubelet has no such feature gate, edged exits (got %s) (gates of edgecore itself, such as requireAuthorization, belong to edgeCore.featureGates)" (include "edgecore.common.shown" $value)) "kubelet-gate-name") -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* kubelet-gate-of-1.21 */ -}}
{{- if and (ge $kubeedge 22) (or (kindIs "invalid" $edgeCore_modules_edged.enable) (eq (toJson $edgeCore_modules_edged.enable) "true")) -}}
{{- if not (kindIs "invalid" $edgeCore_modules_edged_tailoredKubeletConfig_featureGates.DisableCSIVolumePlugin) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.tailoredKubeletConfig.featureGates.DisableCSIVolumePlugin" "only KubeEdge 1.21 has this feature gate, edged exits (remove it)" "kubelet-gate-of-1.21") -}}
{{- end -}}
{{- end -}}

{{- /* kubelet-gate-before-1.21 */ -}}
{{- if and (ge $kubeedge 12) (le $kubeedge 20) (or (kindIs "invalid" $edgeCore_modules_edged.enable) (eq (toJson $edgeCore_modules_edged.enable) "true")) -}}
{{- if not (kindIs "invalid" $edgeCore_modules_edged_tailoredKubeletConfig_featureGates.DisableCSIVolumePlugin) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.tailoredKubeletConfig.featureGates.DisableCSIVolumePlugin" "only KubeEdge 1.21 has this feature gate, edged exits (remove it)" "kubelet-gate-before-1.21") -}}
{{- end -}}
{{- end -}}

{{- /* node-label-reserved */ -}}
{{- if and (ge $kubeedge 12) (or (kindIs "invalid" $edgeCore_modules_edged.enable) (eq (toJson $edgeCore_modules_edged.enable) "true")) -}}
{{- range $value := $all_edgeCore_modules_edged_nodeLabels_names -}}
{{- if and (and (not (kindIs "invalid" $value)) (regexMatch "^(([^/]*\\.)?(kubernetes|k8s)\\.io/.*)$" (toString $value))) (and (not (kindIs "invalid" $value)) (not (regexMatch $pattern7 (toString $value)))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.nodeLabels.~" (printf "a kubelet may not set this label in a namespace of Kubernetes, edged exits (got %s) (use a name of your own, or label the node with kubectl)" (include "edgecore.common.shown" $value)) "node-label-reserved") -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* node-label-name */ -}}
{{- if and (ge $kubeedge 12) (or (kindIs "invalid" $edgeCore_modules_edged.enable) (eq (toJson $edgeCore_modules_edged.enable) "true")) -}}
{{- range $value := $all_edgeCore_modules_edged_nodeLabels_names -}}
{{- if and (not (kindIs "invalid" $value)) (not (regexMatch $pattern8 (toString $value))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.nodeLabels.~" (printf "is not the name of a label, edged exits (got %s) (use at most 63 letters, digits, -, _ and ., after a domain and / if you want one)" (include "edgecore.common.shown" $value)) "node-label-name") -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* node-label-value */ -}}
{{- if and (ge $kubeedge 12) (or (kindIs "invalid" $edgeCore_modules_edged.enable) (eq (toJson $edgeCore_modules_edged.enable) "true")) -}}
{{- range $value := $all_edgeCore_modules_edged_nodeLabels_values -}}
{{- if and (not (kindIs "invalid" $value)) (not (regexMatch "^(([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?)$" (toString $value))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.nodeLabels.*" (printf "is not the value of a label, edged exits (got %s) (use at most 63 letters, digits, -, _ and .)" (include "edgecore.common.shown" $value)) "node-label-value") -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* mqtt-mode */ -}}
{{- if and (not (kindIs "invalid" $edgeCore_modules_eventBus.mqttMode)) (not (has (toJson $edgeCore_modules_eventBus.mqttMode) (list "0" "1" "2"))) -}}
{{- $problems = append $problems (list "edgeCore.modules.eventBus.mqttMode" (printf "must be 0 (internal), 1 (both) or 2 (external) (got %s)" (include "edgecore.common.shown" $edgeCore_modules_eventBus.mqttMode)) "mqtt-mode") -}}
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

{{- /* edgecore-port-twice */ -}}
{{- $ports := list -}}
{{- if and (ge $kubeedge 9) (or (kindIs "invalid" $edgeCore_modules_metaManager.enable) (eq (toJson $edgeCore_modules_metaManager.enable) "true")) (eq (toJson $edgeCore_modules_metaManager_metaServer.enable) "true") -}}
{{- $ports = append $ports (dict "key" "edgeCore.modules.metaManager.metaServer.server" "value" (ternary "127.0.0.1:10550" $edgeCore_modules_metaManager_metaServer.server (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.server))) -}}
{{- end -}}
{{- if and (ge $kubeedge 17) (or (kindIs "invalid" $edgeCore_modules_metaManager.enable) (eq (toJson $edgeCore_modules_metaManager.enable) "true")) (eq (toJson $edgeCore_modules_metaManager_metaServer.enable) "true") (eq (toJson $edgeCore_featureGates.requireAuthorization) "true") -}}
{{- $ports = append $ports (dict "key" "edgeCore.modules.metaManager.metaServer.dummyServer" "value" (ternary "169.254.30.10:10550" $edgeCore_modules_metaManager_metaServer.dummyServer (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.dummyServer))) -}}
{{- end -}}
{{- if and (ge $kubeedge 12) (or (kindIs "invalid" $edgeCore_modules_edged.enable) (eq (toJson $edgeCore_modules_edged.enable) "true")) -}}
{{- $ports = append $ports (dict "key" "edgeCore.modules.edged.tailoredKubeletConfig.readOnlyPort" "value" (ternary 10350 $edgeCore_modules_edged_tailoredKubeletConfig.readOnlyPort (kindIs "invalid" $edgeCore_modules_edged_tailoredKubeletConfig.readOnlyPort)) "address" $edgeCore_modules_edged_tailoredKubeletConfig.address "host" "127.0.0.1") -}}
{{- end -}}
{{- if and (ge $kubeedge 9) (eq (toJson $edgeCore_modules_serviceBus.enable) "true") -}}
{{- $ports = append $ports (dict "key" "edgeCore.modules.serviceBus.port" "value" (ternary 9060 $edgeCore_modules_serviceBus.port (kindIs "invalid" $edgeCore_modules_serviceBus.port)) "address" $edgeCore_modules_serviceBus.server "host" "127.0.0.1") -}}
{{- end -}}
{{- if and (or (kindIs "invalid" $edgeCore_modules_eventBus.enable) (eq (toJson $edgeCore_modules_eventBus.enable) "true")) (has (toJson $edgeCore_modules_eventBus.mqttMode) (list "0" "1")) -}}
{{- $ports = append $ports (dict "key" "edgeCore.modules.eventBus.mqttServerInternal" "value" (ternary "tcp://127.0.0.1:1884" $edgeCore_modules_eventBus.mqttServerInternal (kindIs "invalid" $edgeCore_modules_eventBus.mqttServerInternal))) -}}
{{- end -}}
{{- $twice := dict -}}
{{- include "edgecore.common.twice" (dict "ports" $ports "out" $twice) -}}
{{- range $twice.pairs -}}
{{- $problems = append $problems (list .other (printf "port %s stands at both %s and %s; edgecore cannot listen on it twice, and one of the two is dead (give one of them another port)" .port .one .other) "edgecore-port-twice") -}}
{{- end -}}

{{- /* plain-exposes */ -}}
{{- if has $values.profile (list "plain") -}}
{{- $warnings = append $warnings (list "profile" "the endpoint answers anybody on the node without authentication, Secrets included, and one watch of a forbidden type stalls it for every node (use profile one-way-verified from KubeEdge 1.12 on)" "plain-exposes") -}}
{{- end -}}

{{- /* open-endpoint */ -}}
{{- if and (or (kindIs "invalid" $edgeCore_featureGates.requireAuthorization) (eq (toJson $edgeCore_featureGates.requireAuthorization) "false")) (kindIs "invalid" $values.profile) (or (kindIs "invalid" $edgeCore_modules_metaManager.enable) (eq (toJson $edgeCore_modules_metaManager.enable) "true")) -}}
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

{{- /* edge-hub-off */ -}}
{{- if eq (toJson $edgeCore_modules_edgeHub.enable) "false" -}}
{{- $warnings = append $warnings (list "edgeCore.modules.edgeHub.enable" "is off, so the node never connects to cloudcore (set it true)" "edge-hub-off") -}}
{{- end -}}

{{- /* meta-manager-off */ -}}
{{- if eq (toJson $edgeCore_modules_metaManager.enable) "false" -}}
{{- $warnings = append $warnings (list "edgeCore.modules.metaManager.enable" "is off, so the node keeps no pods and no metadata, and there is no endpoint (set it true)" "meta-manager-off") -}}
{{- end -}}

{{- /* stream-host */ -}}
{{- if and (eq (toJson $edgeCore_modules_edgeStream.enable) "true") (or (kindIs "invalid" $edgeCore_modules_edgeHub_websocket.enable) (eq (toJson $edgeCore_modules_edgeHub_websocket.enable) "true")) -}}
{{- if and (not (kindIs "invalid" (ternary "127.0.0.1:10004" $edgeCore_modules_edgeStream.server (kindIs "invalid" $edgeCore_modules_edgeStream.server)))) (ne (toString (ternary "127.0.0.1:10004" $edgeCore_modules_edgeStream.server (kindIs "invalid" $edgeCore_modules_edgeStream.server))) "") (ne (toString (ternary "" $edgeCore_modules_edgeHub_websocket.server (kindIs "invalid" $edgeCore_modules_edgeHub_websocket.server))) "") (ne (include "edgecore.common.place" (ternary "127.0.0.1:10004" $edgeCore_modules_edgeStream.server (kindIs "invalid" $edgeCore_modules_edgeStream.server))) (include "edgecore.common.place" (ternary "" $edgeCore_modules_edgeHub_websocket.server (kindIs "invalid" $edgeCore_modules_edgeHub_websocket.server)))) -}}
{{- $warnings = append $warnings (list "edgeCore.modules.edgeStream.server" (printf "goes to another host than edgeCore.modules.edgeHub.websocket.server; kubectl logs and exec fail unless cloudcore is there too (got %s) (write the host of edgeHub with cloudStream's tunnelPort)" (include "edgecore.common.shown" (ternary "127.0.0.1:10004" $edgeCore_modules_edgeStream.server (kindIs "invalid" $edgeCore_modules_edgeStream.server)))) "stream-host") -}}
{{- end -}}
{{- end -}}

{{- /* stream-host-quic */ -}}
{{- if and (eq (toJson $edgeCore_modules_edgeStream.enable) "true") (eq (toJson $edgeCore_modules_edgeHub_quic.enable) "true") -}}
{{- if and (not (kindIs "invalid" (ternary "127.0.0.1:10004" $edgeCore_modules_edgeStream.server (kindIs "invalid" $edgeCore_modules_edgeStream.server)))) (ne (toString (ternary "127.0.0.1:10004" $edgeCore_modules_edgeStream.server (kindIs "invalid" $edgeCore_modules_edgeStream.server))) "") (ne (toString (ternary "" $edgeCore_modules_edgeHub_quic.server (kindIs "invalid" $edgeCore_modules_edgeHub_quic.server))) "") (ne (include "edgecore.common.place" (ternary "127.0.0.1:10004" $edgeCore_modules_edgeStream.server (kindIs "invalid" $edgeCore_modules_edgeStream.server))) (include "edgecore.common.place" (ternary "" $edgeCore_modules_edgeHub_quic.server (kindIs "invalid" $edgeCore_modules_edgeHub_quic.server)))) -}}
{{- $warnings = append $warnings (list "edgeCore.modules.edgeStream.server" (printf "goes to another host than edgeCore.modules.edgeHub.quic.server; kubectl logs and exec fail unless cloudcore is there too (got %s) (write the host of edgeHub with cloudStream's tunnelPort)" (include "edgecore.common.shown" (ternary "127.0.0.1:10004" $edgeCore_modules_edgeStream.server (kindIs "invalid" $edgeCore_modules_edgeStream.server)))) "stream-host-quic") -}}
{{- end -}}
{{- end -}}

{{- /* docker-runtime-name */ -}}
{{- if and (ge $kubeedge 16) (le $kubeedge 17) -}}
{{- if has $edgeCore_modules_edged.containerRuntime (list "docker") -}}
{{- $warnings = append $warnings (list "edgeCore.modules.edged.containerRuntime" "KubeEdge has no dockershim from 1.14 on (remove this key, and set edgeCore.modules.edged.tailoredKubeletConfig.containerRuntimeEndpoint to the socket of containerd or of cri-dockerd)" "docker-runtime-name") -}}
{{- end -}}
{{- end -}}

{{- /* dockershim-socket */ -}}
{{- if ge $kubeedge 14 -}}
{{- range $key, $value := dict "edgeCore.modules.edged.remoteRuntimeEndpoint" $edgeCore_modules_edged.remoteRuntimeEndpoint "edgeCore.modules.edged.remoteImageEndpoint" $edgeCore_modules_edged.remoteImageEndpoint "edgeCore.modules.edged.tailoredKubeletConfig.containerRuntimeEndpoint" $edgeCore_modules_edged_tailoredKubeletConfig.containerRuntimeEndpoint "edgeCore.modules.edged.tailoredKubeletConfig.imageServiceEndpoint" $edgeCore_modules_edged_tailoredKubeletConfig.imageServiceEndpoint -}}
{{- if and (not (kindIs "invalid" $value)) (regexMatch "^(.*(dockershim|/docker)\\.sock)$" (toString $value)) -}}
{{- $warnings = append $warnings (list $key (printf "nothing serves CRI there, KubeEdge has no dockershim from 1.14 on (got %s) (write the socket of containerd (unix:///run/containerd/containerd.sock) or of cri-dockerd (unix:///var/run/cri-dockerd.sock))" (include "edgecore.common.shown" $value)) "dockershim-socket") -}}
{{- end -}}
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
{{- if or (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.tlsCertFile) (has $edgeCore_modules_metaManager_metaServer.tlsCertFile (list "/etc/kubeedge/certs/server.crt")) -}}
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
