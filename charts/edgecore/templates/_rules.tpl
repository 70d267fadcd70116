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
{{- $edgeCore_rollout := ternary $edgeCore.rollout dict (kindIs "map" $edgeCore.rollout) -}}
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
{{- $streams := ternary $values.streams dict (kindIs "map" $values.streams) -}}
{{- $edgeCore_modules_serviceBus := ternary $edgeCore_modules.serviceBus dict (kindIs "map" $edgeCore_modules.serviceBus) -}}
{{- $edgeCore_modules_taskManager := ternary $edgeCore_modules.taskManager dict (kindIs "map" $edgeCore_modules.taskManager) -}}

{{- /* tls-needs-1.12 */ -}}
{{- if le $kubeedge 11 -}}
{{- if has $values.profile (list "one-way" "one-way-verified" "mtls") -}}
{{- $problems = append $problems (list "profile" (printf "KubeEdge %s serves the endpoint over plain http only (set profile to plain, or use KubeEdge 1.12 or newer)" (include "edgecore.common.host" $values.kubeedgeVersion)) "tls-needs-1.12") -}}
{{- end -}}
{{- end -}}

{{- /* edgecore-gate-against-profile */ -}}
{{- if has $values.profile (list "one-way" "one-way-verified" "mtls") -}}
{{- if or (kindIs "invalid" $edgeCore_featureGates.requireAuthorization) (eq (toJson $edgeCore_featureGates.requireAuthorization) "false") -}}
{{- $problems = append $problems (list "edgeCore.featureGates.requireAuthorization" (printf "is off, but profile %s needs it on (remove this key, and the profile sets it to true; or set profile to plain)" (include "edgecore.common.host" $values.profile)) "edgecore-gate-against-profile") -}}
{{- end -}}
{{- end -}}

{{- /* plain-with-edgecore-gate */ -}}
{{- if has $values.profile (list "plain") -}}
{{- if eq (toJson $edgeCore_featureGates.requireAuthorization) "true" -}}
{{- $problems = append $problems (list "edgeCore.featureGates.requireAuthorization" "is on, but profile plain needs it off (remove this key, or set profile to one-way-verified)" "plain-with-edgecore-gate") -}}
{{- end -}}
{{- end -}}

{{- /* endpoint-against-profile */ -}}
{{- if not (kindIs "invalid" $values.profile) -}}
{{- if or (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.enable) (eq (toJson $edgeCore_modules_metaManager_metaServer.enable) "false") -}}
{{- $problems = append $problems (list "edgeCore.modules.metaManager.metaServer.enable" (printf "is off, but profile %s needs the endpoint (remove this key, and the profile sets it to true; or remove profile)" (include "edgecore.common.host" $values.profile)) "endpoint-against-profile") -}}
{{- end -}}
{{- end -}}

{{- /* server-certificate-twice */ -}}
{{- if not (empty $metaServer_serverCertificate.existingSecret) -}}
{{- if eq (toJson $metaServer_serverCertificate_certManager.enable) "true" -}}
{{- $problems = append $problems (list "metaServer.serverCertificate.certManager.enable" "cannot be used together with metaServer.serverCertificate.existingSecret (keep only one of the two)" "server-certificate-twice") -}}
{{- end -}}
{{- end -}}

{{- /* server-issuer */ -}}
{{- if empty $metaServer_serverCertificate_certManager_issuerRef.name -}}
{{- if eq (toJson $metaServer_serverCertificate_certManager.enable) "true" -}}
{{- $problems = append $problems (list "metaServer.serverCertificate.certManager.issuerRef.name" "is empty, but cert-manager needs an issuer to sign the certificate (set it to the name of an Issuer or ClusterIssuer)" "server-issuer") -}}
{{- end -}}
{{- end -}}

{{- /* copy-without-secret */ -}}
{{- if and (empty $metaServer_serverCertificate.existingSecret) (or (kindIs "invalid" $metaServer_serverCertificate_certManager.enable) (eq (toJson $metaServer_serverCertificate_certManager.enable) "false")) -}}
{{- if eq (toJson $certificateCopy.enable) "true" -}}
{{- $problems = append $problems (list "certificateCopy.enable" "is on, but no Secret holds a certificate to copy (set metaServer.serverCertificate.existingSecret, or set metaServer.serverCertificate.certManager.enable to true)" "copy-without-secret") -}}
{{- end -}}
{{- end -}}

{{- /* copy-without-tls */ -}}
{{- if le $kubeedge 11 -}}
{{- if eq (toJson $certificateCopy.enable) "true" -}}
{{- $problems = append $problems (list "certificateCopy.enable" (printf "is on, but KubeEdge %s serves the endpoint over plain http only (remove this key)" (include "edgecore.common.host" $values.kubeedgeVersion)) "copy-without-tls") -}}
{{- end -}}
{{- end -}}

{{- /* copy-without-reader */ -}}
{{- if ge $kubeedge 17 -}}
{{- if eq (toJson $certificateCopy.enable) "true" -}}
{{- $problems = append $problems (list "certificateCopy.enable" "is on, but from KubeEdge 1.17 on edgecore requests its own certificate and ignores the copied files (remove this key)" "copy-without-reader") -}}
{{- end -}}
{{- end -}}

{{- /* copy-restart-without-rollout */ -}}
{{- if or (kindIs "invalid" $edgeCore_rollout.enable) (eq (toJson $edgeCore_rollout.enable) "false") -}}
{{- if eq (toJson $certificateCopy.restart) "true" -}}
{{- $problems = append $problems (list "certificateCopy.restart" "is on, but only the rollout restarts edgecore (set edgeCore.rollout.enable to true, or remove this key)" "copy-restart-without-rollout") -}}
{{- end -}}
{{- end -}}

{{- /* rollout-max-unavailable */ -}}
{{- if and (not (kindIs "invalid" $edgeCore_rollout.maxUnavailable)) (not (regexMatch "[1-9][0-9]{0,8}|([1-9][0-9]?|100)%" (toString $edgeCore_rollout.maxUnavailable))) -}}
{{- $problems = append $problems (list "edgeCore.rollout.maxUnavailable" (printf "is %s, but must be a number from 1, or a percentage from 1%% to 100%% (set it to 1, or to 10%%)" (include "edgecore.common.shown" $edgeCore_rollout.maxUnavailable)) "rollout-max-unavailable") -}}
{{- end -}}

{{- /* rollout-without-restart */ -}}
{{- if eq (toJson $edgeCore_rollout.enable) "true" -}}
{{- if empty $edgeCore_rollout.restartCommand -}}
{{- $problems = append $problems (list "edgeCore.rollout.restartCommand" "is empty, but edgecore reads edgecore.yaml only when it starts (remove this key, and systemctl restarts edgecore)" "rollout-without-restart") -}}
{{- end -}}
{{- end -}}

{{- /* copy-of-authority-elsewhere */ -}}
{{- if and (ge $kubeedge 12) (le $kubeedge 16) (eq (toJson $certificateCopy.enable) "true") -}}
{{- if and (not (kindIs "invalid" (ternary "/etc/kubeedge/ca/rootCA.crt" $edgeCore_modules_metaManager_metaServer.tlsCaFile (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.tlsCaFile)))) (not (eq (toJson (ternary "/etc/kubeedge/ca/rootCA.crt" $edgeCore_modules_metaManager_metaServer.tlsCaFile (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.tlsCaFile))) (toJson (ternary "" $metaServer.caFile (kindIs "invalid" $metaServer.caFile))))) -}}
{{- $problems = append $problems (list "edgeCore.modules.metaManager.metaServer.tlsCaFile" "differs from metaServer.caFile, where certificateCopy writes the CA (remove this key and set metaServer.caFile, or set a profile)" "copy-of-authority-elsewhere") -}}
{{- end -}}
{{- end -}}

{{- /* copy-of-certificate-elsewhere */ -}}
{{- if and (ge $kubeedge 12) (le $kubeedge 16) (eq (toJson $certificateCopy.enable) "true") -}}
{{- if and (not (kindIs "invalid" (ternary "/etc/kubeedge/certs/server.crt" $edgeCore_modules_metaManager_metaServer.tlsCertFile (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.tlsCertFile)))) (not (eq (toJson (ternary "/etc/kubeedge/certs/server.crt" $edgeCore_modules_metaManager_metaServer.tlsCertFile (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.tlsCertFile))) (toJson (ternary "" $metaServer.certFile (kindIs "invalid" $metaServer.certFile))))) -}}
{{- $problems = append $problems (list "edgeCore.modules.metaManager.metaServer.tlsCertFile" "differs from metaServer.certFile, where certificateCopy writes the certificate (remove this key and set metaServer.certFile, or set a profile)" "copy-of-certificate-elsewhere") -}}
{{- end -}}
{{- end -}}

{{- /* copy-of-key-elsewhere */ -}}
{{- if and (ge $kubeedge 12) (le $kubeedge 16) (eq (toJson $certificateCopy.enable) "true") -}}
{{- if and (not (kindIs "invalid" (ternary "/etc/kubeedge/certs/server.key" $edgeCore_modules_metaManager_metaServer.tlsPrivateKeyFile (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.tlsPrivateKeyFile)))) (not (eq (toJson (ternary "/etc/kubeedge/certs/server.key" $edgeCore_modules_metaManager_metaServer.tlsPrivateKeyFile (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.tlsPrivateKeyFile))) (toJson (ternary "" $metaServer.keyFile (kindIs "invalid" $metaServer.keyFile))))) -}}
{{- $problems = append $problems (list "edgeCore.modules.metaManager.metaServer.tlsPrivateKeyFile" "differs from metaServer.keyFile, where certificateCopy writes the key (remove this key and set metaServer.keyFile, or set a profile)" "copy-of-key-elsewhere") -}}
{{- end -}}
{{- end -}}

{{- /* copy-over-edgecores-own */ -}}
{{- if eq (toJson $certificateCopy.enable) "true" -}}
{{- range $key, $value := dict "metaServer.caFile" $metaServer.caFile "metaServer.certFile" $metaServer.certFile "metaServer.keyFile" $metaServer.keyFile -}}
{{- if and (not (kindIs "invalid" $value)) (regexMatch "^/+etc/+kubeedge/+(certs|ca|config|pki)(/|$)" (toString $value)) -}}
{{- $problems = append $problems (list $key (printf "is in a directory with edgecore's own files, which the copy would overwrite (got %s) (use another directory, for example /etc/kubeedge/metaserver)" (include "edgecore.common.shown" $value)) "copy-over-edgecores-own") -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* copy-path */ -}}
{{- if eq (toJson $certificateCopy.enable) "true" -}}
{{- range $key, $value := dict "metaServer.caFile" $metaServer.caFile "metaServer.certFile" $metaServer.certFile "metaServer.keyFile" $metaServer.keyFile -}}
{{- if and (not (kindIs "invalid" $value)) (not (regexMatch "^(/[-A-Za-z0-9._]+){2,}$" (toString $value))) -}}
{{- $problems = append $problems (list $key (printf "must be an absolute path with at least one directory, made of letters, digits, \".\", \"-\" and \"_\" (got %s)" (include "edgecore.common.shown" $value)) "copy-path") -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* copy-onto-itself */ -}}
{{- if eq (toJson $certificateCopy.enable) "true" -}}
{{- if eq (toJson $metaServer.keyFile) (toJson (ternary "" $metaServer.certFile (kindIs "invalid" $metaServer.certFile))) -}}
{{- $problems = append $problems (list "metaServer.keyFile" (printf "is the same file as metaServer.certFile (got %s) (use another file name)" (include "edgecore.common.shown" $metaServer.keyFile)) "copy-onto-itself") -}}
{{- end -}}
{{- end -}}

{{- /* cluster-dns-differs */ -}}
{{- if and (ge $kubeedge 12) (or (kindIs "invalid" $agent.enable) (eq (toJson $agent.enable) "true")) -}}
{{- if and (not (kindIs "invalid" $edgeCore_modules_edged_tailoredKubeletConfig.clusterDNS)) (not (has (ternary "" $agent_commonConfig.bridgeDeviceIP (kindIs "invalid" $agent_commonConfig.bridgeDeviceIP)) (ternary $edgeCore_modules_edged_tailoredKubeletConfig.clusterDNS (list $edgeCore_modules_edged_tailoredKubeletConfig.clusterDNS) (kindIs "slice" $edgeCore_modules_edged_tailoredKubeletConfig.clusterDNS)))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.tailoredKubeletConfig.clusterDNS" (printf "must contain agent.commonConfig.bridgeDeviceIP (%s), where EdgeMesh answers DNS (set both to the same address, or set agent.enable to false if you do not use EdgeMesh)" (include "edgecore.common.host" $agent_commonConfig.bridgeDeviceIP)) "cluster-dns-differs") -}}
{{- end -}}
{{- end -}}

{{- /* cluster-dns-differs-1.11 */ -}}
{{- if and (le $kubeedge 11) (or (kindIs "invalid" $agent.enable) (eq (toJson $agent.enable) "true")) -}}
{{- if and (not (kindIs "invalid" $edgeCore_modules_edged.clusterDNS)) (not (has (ternary "" $agent_commonConfig.bridgeDeviceIP (kindIs "invalid" $agent_commonConfig.bridgeDeviceIP)) (ternary $edgeCore_modules_edged.clusterDNS (list $edgeCore_modules_edged.clusterDNS) (kindIs "slice" $edgeCore_modules_edged.clusterDNS)))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.clusterDNS" (printf "must be agent.commonConfig.bridgeDeviceIP (%s), where EdgeMesh answers DNS (set both to the same address, or set agent.enable to false if you do not use EdgeMesh)" (include "edgecore.common.host" $agent_commonConfig.bridgeDeviceIP)) "cluster-dns-differs-1.11") -}}
{{- end -}}
{{- end -}}

{{- /* object-name */ -}}
{{- if and (not (kindIs "invalid" $values.fullnameOverride)) (not (regexMatch "^([a-z0-9]([-a-z0-9]*[a-z0-9])?)?$" (toString $values.fullnameOverride))) -}}
{{- $problems = append $problems (list "fullnameOverride" (printf "must contain only lower case letters, digits and \"-\", and start and end with a letter or digit (got %s)" (include "edgecore.common.shown" $values.fullnameOverride)) "object-name") -}}
{{- end -}}

{{- /* label-name */ -}}
{{- if and (not (kindIs "invalid" $values.nameOverride)) (not (regexMatch "^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$" (toString $values.nameOverride))) -}}
{{- $problems = append $problems (list "nameOverride" (printf "must have at most 63 letters, digits, \"-\", \"_\" and \".\", and start and end with a letter or digit (got %s)" (include "edgecore.common.shown" $values.nameOverride)) "label-name") -}}
{{- end -}}

{{- /* cluster-domain */ -}}
{{- if or (kindIs "invalid" $agent.enable) (eq (toJson $agent.enable) "true") -}}
{{- if and (not (kindIs "invalid" $cluster.domain)) (not (has $cluster.domain (list "cluster.local"))) -}}
{{- $problems = append $problems (list "cluster.domain" (printf "must be cluster.local: EdgeMesh answers DNS queries for no other domain (got %s) (set it to cluster.local, or set agent.enable to false if you do not use EdgeMesh)" (include "edgecore.common.shown" $cluster.domain)) "cluster-domain") -}}
{{- end -}}
{{- end -}}

{{- /* edge-cluster-domain */ -}}
{{- if and (ge $kubeedge 12) (has $cluster.domain (list "cluster.local")) (or (kindIs "invalid" $agent.enable) (eq (toJson $agent.enable) "true")) -}}
{{- if and (not (kindIs "invalid" $edgeCore_modules_edged_tailoredKubeletConfig.clusterDomain)) (not (has $edgeCore_modules_edged_tailoredKubeletConfig.clusterDomain (list "cluster.local"))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.tailoredKubeletConfig.clusterDomain" (printf "must be cluster.local: EdgeMesh answers DNS queries for no other domain (got %s) (set it to cluster.local, or set agent.enable to false if you do not use EdgeMesh)" (include "edgecore.common.shown" $edgeCore_modules_edged_tailoredKubeletConfig.clusterDomain)) "edge-cluster-domain") -}}
{{- end -}}
{{- end -}}

{{- /* server-is-url */ -}}
{{- if ge $kubeedge 9 -}}
{{- if and (not (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.server)) (regexMatch "^[A-Za-z]+://" (toString $edgeCore_modules_metaManager_metaServer.server)) -}}
{{- $problems = append $problems (list "edgeCore.modules.metaManager.metaServer.server" (printf "must be IP:port; with a URL edgecore crashes or does not listen (got %s) (for example 127.0.0.1:10550)" (include "edgecore.common.shown" $edgeCore_modules_metaManager_metaServer.server)) "server-is-url") -}}
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
{{- $problems = append $problems (list "edgeCore.modules.metaManager.metaServer.server" (printf "must be IP:port: the endpoint gets no certificate for a host name (got %s) (for example 127.0.0.1:10550)" (include "edgecore.common.shown" $edgeCore_modules_metaManager_metaServer.server)) "server-name-with-authorization") -}}
{{- end -}}
{{- end -}}

{{- /* dummy-server-without-port */ -}}
{{- if ge $kubeedge 17 -}}
{{- if and (not (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.dummyServer)) (not (regexMatch "^(\\[[0-9A-Fa-f:.]+\\]|[0-9.]+):[0-9]+$" (toString $edgeCore_modules_metaManager_metaServer.dummyServer))) -}}
{{- $problems = append $problems (list "edgeCore.modules.metaManager.metaServer.dummyServer" (printf "must be IP:port; with requireAuthorization edgecore crashes on anything else (got %s) (for example 169.254.30.10:10550)" (include "edgecore.common.shown" $edgeCore_modules_metaManager_metaServer.dummyServer)) "dummy-server-without-port") -}}
{{- end -}}
{{- end -}}

{{- /* bridge-is-dummy-address */ -}}
{{- if eq (toJson $agent_commonConfig.bridgeDeviceIP) (toJson (ternary "" $metaServer.dummyAddress (kindIs "invalid" $metaServer.dummyAddress))) -}}
{{- $problems = append $problems (list "agent.commonConfig.bridgeDeviceIP" (printf "must differ from metaServer.dummyAddress: EdgeMesh and edgecore each create a device with its own address (got %s) (the defaults are 169.254.96.16 and 169.254.30.10)" (include "edgecore.common.shown" $agent_commonConfig.bridgeDeviceIP)) "bridge-is-dummy-address") -}}
{{- end -}}

{{- /* bridge-address */ -}}
{{- if and (not (kindIs "invalid" $agent_commonConfig.bridgeDeviceIP)) (not (regexMatch $pattern2 (toString $agent_commonConfig.bridgeDeviceIP))) -}}
{{- $problems = append $problems (list "agent.commonConfig.bridgeDeviceIP" (printf "must be an IPv4 address; the agent exits otherwise (got %s) (for example 169.254.96.16)" (include "edgecore.common.shown" $agent_commonConfig.bridgeDeviceIP)) "bridge-address") -}}
{{- end -}}

{{- /* edge-hub-both */ -}}
{{- if or (kindIs "invalid" $edgeCore_modules_edgeHub_websocket.enable) (eq (toJson $edgeCore_modules_edgeHub_websocket.enable) "true") -}}
{{- if eq (toJson $edgeCore_modules_edgeHub_quic.enable) "true" -}}
{{- $problems = append $problems (list "edgeCore.modules.edgeHub.quic.enable" "websocket and quic cannot both be on; edgecore exits (set edgeCore.modules.edgeHub.websocket.enable or edgeCore.modules.edgeHub.quic.enable to false)" "edge-hub-both") -}}
{{- end -}}
{{- end -}}

{{- /* edge-hub-neither */ -}}
{{- if or (kindIs "invalid" $edgeCore_modules_edgeHub_quic.enable) (eq (toJson $edgeCore_modules_edgeHub_quic.enable) "false") -}}
{{- if eq (toJson $edgeCore_modules_edgeHub_websocket.enable) "false" -}}
{{- $problems = append $problems (list "edgeCore.modules.edgeHub.websocket.enable" "websocket and quic are both off; edgecore exits (set edgeCore.modules.edgeHub.websocket.enable or edgeCore.modules.edgeHub.quic.enable to true)" "edge-hub-neither") -}}
{{- end -}}
{{- end -}}

{{- /* node-name */ -}}
{{- if ge $kubeedge 9 -}}
{{- if and (not (kindIs "invalid" $edgeCore_modules_edged.hostnameOverride)) (not (regexMatch $pattern3 (toString $edgeCore_modules_edged.hostnameOverride))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.hostnameOverride" (printf "must be a node name: lower case letters, digits, \"-\" and \".\" (got %s)" (include "edgecore.common.shown" $edgeCore_modules_edged.hostnameOverride)) "node-name") -}}
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
{{- $problems = append $problems (list "edgeCore.modules.edged.containerRuntime" "is docker, but KubeEdge has no dockershim from 1.14 on; edged exits (remove this key, and set edgeCore.modules.edged.remoteRuntimeEndpoint and remoteImageEndpoint to the socket of containerd (unix:///run/containerd/containerd.sock) or of cri-dockerd (unix:///var/run/cri-dockerd.sock))" "container-runtime-docker") -}}
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
{{- $problems = append $problems (list "edgeCore.modules.edged.tailoredKubeletConfig.maxPods" (printf "must be 0 or more; edged exits otherwise (got %s)" (include "edgecore.common.shown" $edgeCore_modules_edged_tailoredKubeletConfig.maxPods)) "max-pods") -}}
{{- end -}}
{{- end -}}

{{- /* hairpin-mode */ -}}
{{- if and (ge $kubeedge 12) (or (kindIs "invalid" $edgeCore_modules_edged.enable) (eq (toJson $edgeCore_modules_edged.enable) "true")) -}}
{{- if and (not (kindIs "invalid" $edgeCore_modules_edged_tailoredKubeletConfig.hairpinMode)) (not (has $edgeCore_modules_edged_tailoredKubeletConfig.hairpinMode (list "promiscuous-bridge" "hairpin-veth" "none"))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.tailoredKubeletConfig.hairpinMode" (printf "must be promiscuous-bridge, hairpin-veth or none; edged exits otherwise (got %s)" (include "edgecore.common.shown" $edgeCore_modules_edged_tailoredKubeletConfig.hairpinMode)) "hairpin-mode") -}}
{{- end -}}
{{- end -}}

{{- /* eviction-threshold */ -}}
{{- if and (ge $kubeedge 12) (or (kindIs "invalid" $edgeCore_modules_edged.enable) (eq (toJson $edgeCore_modules_edged.enable) "true")) -}}
{{- range $value := $all_edgeCore_modules_edged_tailoredKubeletConfig_evictionHard_values -}}
{{- if and (not (kindIs "invalid" $value)) (not (regexMatch $pattern6 (toString $value))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.tailoredKubeletConfig.evictionHard.*" (printf "must be a quantity above 0 or a percentage; edged exits otherwise (got %s) (for example 100Mi or 10%%)" (include "edgecore.common.shown" $value)) "eviction-threshold") -}}
{{- end -}}
{{- end -}}
{{- range $value := $all_edgeCore_modules_edged_tailoredKubeletConfig_evictionSoft_values -}}
{{- if and (not (kindIs "invalid" $value)) (not (regexMatch $pattern6 (toString $value))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.tailoredKubeletConfig.evictionSoft.*" (printf "must be a quantity above 0 or a percentage; edged exits otherwise (got %s) (for example 100Mi or 10%%)" (include "edgecore.common.shown" $value)) "eviction-threshold") -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* eviction-signal */ -}}
{{- if and (ge $kubeedge 12) (or (kindIs "invalid" $edgeCore_modules_edged.enable) (eq (toJson $edgeCore_modules_edged.enable) "true")) -}}
{{- range $value := $all_edgeCore_modules_edged_tailoredKubeletConfig_evictionHard_names -}}
{{- if and (not (kindIs "invalid" $value)) (not (has $value (list "memory.available" "allocatableMemory.available" "nodefs.available" "nodefs.inodesFree" "imagefs.available" "imagefs.inodesFree" "containerfs.available" "containerfs.inodesFree" "pid.available"))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.tailoredKubeletConfig.evictionHard.~" (printf "is an unknown eviction signal; edged exits (got %s) (for example memory.available)" (include "edgecore.common.shown" $value)) "eviction-signal") -}}
{{- end -}}
{{- end -}}
{{- range $value := $all_edgeCore_modules_edged_tailoredKubeletConfig_evictionSoft_names -}}
{{- if and (not (kindIs "invalid" $value)) (not (has $value (list "memory.available" "allocatableMemory.available" "nodefs.available" "nodefs.inodesFree" "imagefs.available" "imagefs.inodesFree" "containerfs.available" "containerfs.inodesFree" "pid.available"))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.tailoredKubeletConfig.evictionSoft.~" (printf "is an unknown eviction signal; edged exits (got %s) (for example memory.available)" (include "edgecore.common.shown" $value)) "eviction-signal") -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* enforce-without-cgroups */ -}}
{{- if and (ge $kubeedge 12) (eq (toJson $edgeCore_modules_edged_tailoredKubeletConfig.cgroupsPerQOS) "false") (or (kindIs "invalid" $edgeCore_modules_edged.enable) (eq (toJson $edgeCore_modules_edged.enable) "true")) -}}
{{- if not (empty (ternary (list "pods") $edgeCore_modules_edged_tailoredKubeletConfig.enforceNodeAllocatable (kindIs "invalid" $edgeCore_modules_edged_tailoredKubeletConfig.enforceNodeAllocatable))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.tailoredKubeletConfig.enforceNodeAllocatable" "enforceNodeAllocatable must be empty while cgroupsPerQOS is false; edged exits otherwise (set enforceNodeAllocatable to [], or remove cgroupsPerQOS)" "enforce-without-cgroups") -}}
{{- end -}}
{{- end -}}

{{- /* kubelet-gate-name */ -}}
{{- if and (ge $kubeedge 12) (or (kindIs "invalid" $edgeCore_modules_edged.enable) (eq (toJson $edgeCore_modules_edged.enable) "true")) -}}
{{- range $value := $all_edgeCore_modules_edged_tailoredKubeletConfig_featureGates_names -}}
{{- if and (not (kindIs "invalid" $value)) (not (regexMatch "^[A-Z][A-Za-z0-9]*$" (toString $value))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.tailoredKubeletConfig.featureGates.~" (printf "is an unknown kubelet feature gate; edged exits (got %s) (move edgecore's own gates, such as requireAuthorization, to edgeCore.featureGates)" (include "edgecore.common.shown" $value)) "kubelet-gate-name") -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* kubelet-gate-of-1.21 */ -}}
{{- if and (ge $kubeedge 22) (or (kindIs "invalid" $edgeCore_modules_edged.enable) (eq (toJson $edgeCore_modules_edged.enable) "true")) -}}
{{- if not (kindIs "invalid" $edgeCore_modules_edged_tailoredKubeletConfig_featureGates.DisableCSIVolumePlugin) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.tailoredKubeletConfig.featureGates.DisableCSIVolumePlugin" "exists in KubeEdge 1.21 only; edged exits (remove it)" "kubelet-gate-of-1.21") -}}
{{- end -}}
{{- end -}}

{{- /* kubelet-gate-before-1.21 */ -}}
{{- if and (ge $kubeedge 12) (le $kubeedge 20) (or (kindIs "invalid" $edgeCore_modules_edged.enable) (eq (toJson $edgeCore_modules_edged.enable) "true")) -}}
{{- if not (kindIs "invalid" $edgeCore_modules_edged_tailoredKubeletConfig_featureGates.DisableCSIVolumePlugin) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.tailoredKubeletConfig.featureGates.DisableCSIVolumePlugin" "exists in KubeEdge 1.21 only; edged exits (remove it)" "kubelet-gate-before-1.21") -}}
{{- end -}}
{{- end -}}

{{- /* node-label-reserved */ -}}
{{- if and (ge $kubeedge 12) (or (kindIs "invalid" $edgeCore_modules_edged.enable) (eq (toJson $edgeCore_modules_edged.enable) "true")) -}}
{{- range $value := $all_edgeCore_modules_edged_nodeLabels_names -}}
{{- if and (and (not (kindIs "invalid" $value)) (regexMatch "^(([^/]*\\.)?(kubernetes|k8s)\\.io/.*)$" (toString $value))) (and (not (kindIs "invalid" $value)) (not (regexMatch $pattern7 (toString $value)))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.nodeLabels.~" (printf "is a label of Kubernetes that a kubelet may not set; edged exits (got %s) (use another name, or label the node with kubectl)" (include "edgecore.common.shown" $value)) "node-label-reserved") -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* node-label-name */ -}}
{{- if and (ge $kubeedge 12) (or (kindIs "invalid" $edgeCore_modules_edged.enable) (eq (toJson $edgeCore_modules_edged.enable) "true")) -}}
{{- range $value := $all_edgeCore_modules_edged_nodeLabels_names -}}
{{- if and (not (kindIs "invalid" $value)) (not (regexMatch $pattern8 (toString $value))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.nodeLabels.~" (printf "is no valid label name; edged exits (got %s) (use at most 63 letters, digits, \"-\", \"_\" and \".\", with an optional domain and \"/\" before them)" (include "edgecore.common.shown" $value)) "node-label-name") -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* node-label-value */ -}}
{{- if and (ge $kubeedge 12) (or (kindIs "invalid" $edgeCore_modules_edged.enable) (eq (toJson $edgeCore_modules_edged.enable) "true")) -}}
{{- range $value := $all_edgeCore_modules_edged_nodeLabels_values -}}
{{- if and (not (kindIs "invalid" $value)) (not (regexMatch "^(([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?)$" (toString $value))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edged.nodeLabels.*" (printf "is no valid label value; edged exits (got %s) (use at most 63 letters, digits, \"-\", \"_\" and \".\")" (include "edgecore.common.shown" $value)) "node-label-value") -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* mqtt-mode */ -}}
{{- if and (not (kindIs "invalid" $edgeCore_modules_eventBus.mqttMode)) (not (has (toJson $edgeCore_modules_eventBus.mqttMode) (list "0" "1" "2"))) -}}
{{- $problems = append $problems (list "edgeCore.modules.eventBus.mqttMode" (printf "must be 0 (internal broker), 1 (both) or 2 (external broker) (got %s)" (include "edgecore.common.shown" $edgeCore_modules_eventBus.mqttMode)) "mqtt-mode") -}}
{{- end -}}

{{- /* message-rate */ -}}
{{- if ge $kubeedge 11 -}}
{{- range $key, $value := dict "edgeCore.modules.edgeHub.messageQPS" $edgeCore_modules_edgeHub.messageQPS "edgeCore.modules.edgeHub.messageBurst" $edgeCore_modules_edgeHub.messageBurst -}}
{{- if and (has (kindOf $value) $number) (lt (float64 $value) (float64 0)) -}}
{{- $problems = append $problems (list $key (printf "must be 0 or more (got %s)" (include "edgecore.common.shown" $value)) "message-rate") -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* streams-against-edge */ -}}
{{- if not (kindIs "invalid" $streams.enable) -}}
{{- if and (not (kindIs "invalid" $edgeCore_modules_edgeStream.enable)) (not (eq (toJson $edgeCore_modules_edgeStream.enable) (toJson (ternary "" $streams.enable (kindIs "invalid" $streams.enable))))) -}}
{{- $problems = append $problems (list "edgeCore.modules.edgeStream.enable" (printf "is %s, but streams.enable is %s (remove this key, or remove streams.enable and set each key yourself)" (include "edgecore.common.shown" $edgeCore_modules_edgeStream.enable) (include "edgecore.common.host" $streams.enable)) "streams-against-edge") -}}
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
{{- $problems = append $problems (list .other (printf "%s and %s are both port %s; only one of the two listeners works (change one of the two ports)" .one .other .port) "edgecore-port-twice") -}}
{{- end -}}

{{- /* plain-exposes */ -}}
{{- if has $values.profile (list "plain") -}}
{{- $warnings = append $warnings (list "profile" "every process on the node can read from the endpoint without authentication, Secrets too; one forbidden watch blocks it on all nodes (set profile to one-way-verified (KubeEdge 1.12 and newer))" "plain-exposes") -}}
{{- end -}}

{{- /* open-endpoint */ -}}
{{- if and (or (kindIs "invalid" $edgeCore_featureGates.requireAuthorization) (eq (toJson $edgeCore_featureGates.requireAuthorization) "false")) (kindIs "invalid" $values.profile) (or (kindIs "invalid" $edgeCore_modules_metaManager.enable) (eq (toJson $edgeCore_modules_metaManager.enable) "true")) -}}
{{- if eq (toJson $edgeCore_modules_metaManager_metaServer.enable) "true" -}}
{{- $warnings = append $warnings (list "edgeCore.modules.metaManager.metaServer.enable" "every process on the node can read from the endpoint without authentication, Secrets too; one forbidden watch blocks it on all nodes (set profile to one-way-verified (KubeEdge 1.12 and newer))" "open-endpoint") -}}
{{- end -}}
{{- end -}}

{{- /* listens-everywhere */ -}}
{{- range $key, $value := dict "metaServer.address" $metaServer.address "edgeCore.modules.metaManager.metaServer.server" $edgeCore_modules_metaManager_metaServer.server -}}
{{- if and (not (kindIs "invalid" $value)) (regexMatch "^(0\\.0\\.0\\.0|::|\\[::\\])(:[0-9]+)?$" (toString $value)) -}}
{{- $warnings = append $warnings (list $key "the endpoint listens on all interfaces of the node; from KubeEdge 1.17 on its certificate contains none of their addresses (use 127.0.0.1; from KubeEdge 1.17 on pods reach the endpoint at metaServer.dummyAddress)" "listens-everywhere") -}}
{{- end -}}
{{- end -}}

{{- /* offline-restart */ -}}
{{- if ge $kubeedge 17 -}}
{{- if eq (toJson $edgeCore_featureGates.requireAuthorization) "true" -}}
{{- $warnings = append $warnings (list "edgeCore.featureGates.requireAuthorization" "if edgecore restarts while cloudcore is unreachable, the endpoint is off and edgecore crashes after 4 minutes (keep cloudcore reachable when edgecore restarts, or set profile to plain where edge nodes must work offline)" "offline-restart") -}}
{{- end -}}
{{- end -}}

{{- /* edge-hub-off */ -}}
{{- if eq (toJson $edgeCore_modules_edgeHub.enable) "false" -}}
{{- $warnings = append $warnings (list "edgeCore.modules.edgeHub.enable" "is off, so the node never connects to cloudcore (set it to true)" "edge-hub-off") -}}
{{- end -}}

{{- /* meta-manager-off */ -}}
{{- if eq (toJson $edgeCore_modules_metaManager.enable) "false" -}}
{{- $warnings = append $warnings (list "edgeCore.modules.metaManager.enable" "is off: the node stores no pods and no metadata, and the endpoint is off (set it to true)" "meta-manager-off") -}}
{{- end -}}

{{- /* stream-host */ -}}
{{- if and (eq (toJson $edgeCore_modules_edgeStream.enable) "true") (or (kindIs "invalid" $edgeCore_modules_edgeHub_websocket.enable) (eq (toJson $edgeCore_modules_edgeHub_websocket.enable) "true")) -}}
{{- if and (not (kindIs "invalid" (ternary "127.0.0.1:10004" $edgeCore_modules_edgeStream.server (kindIs "invalid" $edgeCore_modules_edgeStream.server)))) (ne (toString (ternary "127.0.0.1:10004" $edgeCore_modules_edgeStream.server (kindIs "invalid" $edgeCore_modules_edgeStream.server))) "") (ne (toString (ternary "" $edgeCore_modules_edgeHub_websocket.server (kindIs "invalid" $edgeCore_modules_edgeHub_websocket.server))) "") (ne (include "edgecore.common.place" (ternary "127.0.0.1:10004" $edgeCore_modules_edgeStream.server (kindIs "invalid" $edgeCore_modules_edgeStream.server))) (include "edgecore.common.place" (ternary "" $edgeCore_modules_edgeHub_websocket.server (kindIs "invalid" $edgeCore_modules_edgeHub_websocket.server)))) -}}
{{- $warnings = append $warnings (list "edgeCore.modules.edgeStream.server" (printf "is on another host than edgeCore.modules.edgeHub.websocket.server; if cloudcore is not there too, kubectl logs and exec fail (got %s) (use the host of edgeHub and the tunnelPort of cloudStream)" (include "edgecore.common.shown" (ternary "127.0.0.1:10004" $edgeCore_modules_edgeStream.server (kindIs "invalid" $edgeCore_modules_edgeStream.server)))) "stream-host") -}}
{{- end -}}
{{- end -}}

{{- /* stream-host-quic */ -}}
{{- if and (eq (toJson $edgeCore_modules_edgeStream.enable) "true") (eq (toJson $edgeCore_modules_edgeHub_quic.enable) "true") -}}
{{- if and (not (kindIs "invalid" (ternary "127.0.0.1:10004" $edgeCore_modules_edgeStream.server (kindIs "invalid" $edgeCore_modules_edgeStream.server)))) (ne (toString (ternary "127.0.0.1:10004" $edgeCore_modules_edgeStream.server (kindIs "invalid" $edgeCore_modules_edgeStream.server))) "") (ne (toString (ternary "" $edgeCore_modules_edgeHub_quic.server (kindIs "invalid" $edgeCore_modules_edgeHub_quic.server))) "") (ne (include "edgecore.common.place" (ternary "127.0.0.1:10004" $edgeCore_modules_edgeStream.server (kindIs "invalid" $edgeCore_modules_edgeStream.server))) (include "edgecore.common.place" (ternary "" $edgeCore_modules_edgeHub_quic.server (kindIs "invalid" $edgeCore_modules_edgeHub_quic.server)))) -}}
{{- $warnings = append $warnings (list "edgeCore.modules.edgeStream.server" (printf "is on another host than edgeCore.modules.edgeHub.quic.server; if cloudcore is not there too, kubectl logs and exec fail (got %s) (use the host of edgeHub and the tunnelPort of cloudStream)" (include "edgecore.common.shown" (ternary "127.0.0.1:10004" $edgeCore_modules_edgeStream.server (kindIs "invalid" $edgeCore_modules_edgeStream.server)))) "stream-host-quic") -}}
{{- end -}}
{{- end -}}

{{- /* docker-runtime-name */ -}}
{{- if and (ge $kubeedge 16) (le $kubeedge 17) -}}
{{- if has $edgeCore_modules_edged.containerRuntime (list "docker") -}}
{{- $warnings = append $warnings (list "edgeCore.modules.edged.containerRuntime" "is docker, but KubeEdge has no dockershim from 1.14 on (remove this key, and set edgeCore.modules.edged.tailoredKubeletConfig.containerRuntimeEndpoint to the socket of containerd or of cri-dockerd)" "docker-runtime-name") -}}
{{- end -}}
{{- end -}}

{{- /* dockershim-socket */ -}}
{{- if ge $kubeedge 14 -}}
{{- range $key, $value := dict "edgeCore.modules.edged.remoteRuntimeEndpoint" $edgeCore_modules_edged.remoteRuntimeEndpoint "edgeCore.modules.edged.remoteImageEndpoint" $edgeCore_modules_edged.remoteImageEndpoint "edgeCore.modules.edged.tailoredKubeletConfig.containerRuntimeEndpoint" $edgeCore_modules_edged_tailoredKubeletConfig.containerRuntimeEndpoint "edgeCore.modules.edged.tailoredKubeletConfig.imageServiceEndpoint" $edgeCore_modules_edged_tailoredKubeletConfig.imageServiceEndpoint -}}
{{- if and (not (kindIs "invalid" $value)) (regexMatch "^(.*(dockershim|/docker)\\.sock)$" (toString $value)) -}}
{{- $warnings = append $warnings (list $key (printf "no container runtime answers on this socket: KubeEdge has no dockershim from 1.14 on (got %s) (use the socket of containerd (unix:///run/containerd/containerd.sock) or of cri-dockerd (unix:///var/run/cri-dockerd.sock))" (include "edgecore.common.shown" $value)) "dockershim-socket") -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* no-cloud-address */ -}}
{{- if empty $edgeCore_modules_edgeHub_websocket.server -}}
{{- $warnings = append $warnings (list "edgeCore.modules.edgeHub.websocket.server" "is empty: edgecore has no address of cloudcore (set cloudCore.modules.cloudHub.advertiseAddress[0]; the charts derive this key from it. Or pass --cloudcore-ipport to keadm)" "no-cloud-address") -}}
{{- end -}}

{{- /* ignored-tls-files */ -}}
{{- if ge $kubeedge 17 -}}
{{- range $key, $value := dict "edgeCore.modules.metaManager.metaServer.tlsCaFile" $edgeCore_modules_metaManager_metaServer.tlsCaFile "edgeCore.modules.metaManager.metaServer.tlsCertFile" $edgeCore_modules_metaManager_metaServer.tlsCertFile "edgeCore.modules.metaManager.metaServer.tlsPrivateKeyFile" $edgeCore_modules_metaManager_metaServer.tlsPrivateKeyFile -}}
{{- if not (kindIs "invalid" $value) -}}
{{- $warnings = append $warnings (list $key "edgecore ignores this file from KubeEdge 1.17 on and gets its certificate from the cluster (remove this key)" "ignored-tls-files") -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* hub-certificate-served */ -}}
{{- if and (ge $kubeedge 12) (le $kubeedge 16) (eq (toJson $edgeCore_modules_metaManager_metaServer.enable) "true") (eq (toJson $edgeCore_featureGates.requireAuthorization) "true") -}}
{{- if or (kindIs "invalid" $edgeCore_modules_metaManager_metaServer.tlsCertFile) (has $edgeCore_modules_metaManager_metaServer.tlsCertFile (list "/etc/kubeedge/certs/server.crt")) -}}
{{- $warnings = append $warnings (list "edgeCore.modules.metaManager.metaServer.tlsCertFile" "the endpoint serves the certificate that edgecore uses for cloudcore; no client can verify it (set tlsCaFile, tlsCertFile and tlsPrivateKeyFile to files made for the endpoint, or set a profile)" "hub-certificate-served") -}}
{{- end -}}
{{- end -}}

{{- /* server-certificate-ignored */ -}}
{{- if ge $kubeedge 17 -}}
{{- if eq (toJson $metaServer_serverCertificate_certManager.enable) "true" -}}
{{- $warnings = append $warnings (list "metaServer.serverCertificate.certManager.enable" "has no effect: from KubeEdge 1.17 on edgecore requests its own certificate from the cluster (remove this key)" "server-certificate-ignored") -}}
{{- end -}}
{{- end -}}

{{- /* job-remote-execution */ -}}
{{- if and (not (kindIs "invalid" $values.kubeedgeVersion)) (regexMatch "^v?1\\.(2[12]|23\\.0)([.-]|$)" (toString $values.kubeedgeVersion)) -}}
{{- if eq (toJson $edgeCore_modules_taskManager.enable) "true" -}}
{{- $warnings = append $warnings (list "edgeCore.modules.taskManager.enable" "before KubeEdge 1.23.1 everyone who may create a ConfigUpdateJob can run code as root on this node (CVE-2026-62182) (use KubeEdge 1.23.1)" "job-remote-execution") -}}
{{- end -}}
{{- end -}}
{{- range $kind, $found := dict "problems" $problems "warnings" $warnings -}}
{{- range $found -}}
{{- $problem := dict "where" $where "key" (index . 0) "says" (index . 1) "code" (index . 2) -}}
{{- $_ := set $site $kind (append (get $site $kind) $problem) -}}
{{- end -}}
{{- end -}}
{{- end -}}
