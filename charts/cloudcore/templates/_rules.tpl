{{/* Written by `generator charts` from generator/tables/rules.yaml: what this chart rejects, or warns of.

  cloudcore.rules root values where
    append to .Values._site.problems and .warnings what the rules find in the values; `where` stands before
    the key in the message
*/}}

{{- define "cloudcore.rules" -}}
{{- $site := .root.Values._site -}}
{{- $values := .values -}}
{{- $where := .where -}}
{{- $problems := list -}}
{{- $warnings := list -}}
{{- $kubeedge := $site.kubeedge | trimPrefix "1." | int -}}
{{- $edgemesh := $site.edgemesh | trimPrefix "1." | int -}}
{{- $number := list "float64" "int" "int64" -}}
{{- /* Sections. One that is not a map counts as empty here: the field table rejects it. */ -}}
{{- $pattern1 := "^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3})|((([0-9A-Fa-f]{1,4}):){7}([0-9A-Fa-f]{1,4})|(([0-9A-Fa-f]{1,4}):){1,7}:|(([0-9A-Fa-f]{1,4}):){1,6}:([0-9A-Fa-f]{1,4})|(([0-9A-Fa-f]{1,4}):){1,5}(:([0-9A-Fa-f]{1,4})){2}|(([0-9A-Fa-f]{1,4}):){1,4}(:([0-9A-Fa-f]{1,4})){3}|(([0-9A-Fa-f]{1,4}):){1,3}(:([0-9A-Fa-f]{1,4})){4}|(([0-9A-Fa-f]{1,4}):){1,2}(:([0-9A-Fa-f]{1,4})){5}|([0-9A-Fa-f]{1,4}):(:([0-9A-Fa-f]{1,4})){6}|:((:([0-9A-Fa-f]{1,4})){1,7}|:)|(([0-9A-Fa-f]{1,4}):){6}((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3})|::(([0-9A-Fa-f]{1,4}):){0,5}((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3})|(([0-9A-Fa-f]{1,4}):){1,5}:(([0-9A-Fa-f]{1,4}):){0,4}((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3})))$" -}}
{{- $cloudCore := ternary $values.cloudCore dict (kindIs "map" $values.cloudCore) -}}
{{- $cloudCore_featureGates := ternary $cloudCore.featureGates dict (kindIs "map" $cloudCore.featureGates) -}}
{{- $cloudCore_modules := ternary $cloudCore.modules dict (kindIs "map" $cloudCore.modules) -}}
{{- $cloudCore_modules_dynamicController := ternary $cloudCore_modules.dynamicController dict (kindIs "map" $cloudCore_modules.dynamicController) -}}
{{- $cloudCore_modules_cloudHub := ternary $cloudCore_modules.cloudHub dict (kindIs "map" $cloudCore_modules.cloudHub) -}}
{{- $cloudCore_modules_cloudHub_websocket := ternary $cloudCore_modules_cloudHub.websocket dict (kindIs "map" $cloudCore_modules_cloudHub.websocket) -}}
{{- $cloudCore_modules_cloudHub_quic := ternary $cloudCore_modules_cloudHub.quic dict (kindIs "map" $cloudCore_modules_cloudHub.quic) -}}
{{- $cloudCore_modules_cloudHub_https := ternary $cloudCore_modules_cloudHub.https dict (kindIs "map" $cloudCore_modules_cloudHub.https) -}}
{{- $cloudCore_modules_cloudStream := ternary $cloudCore_modules.cloudStream dict (kindIs "map" $cloudCore_modules.cloudStream) -}}
{{- $cloudCore_modules_router := ternary $cloudCore_modules.router dict (kindIs "map" $cloudCore_modules.router) -}}
{{- $all_cloudCore_modules_cloudHub_advertiseAddress := list -}}
{{- range $item0 := ternary $cloudCore_modules_cloudHub.advertiseAddress (list $cloudCore_modules_cloudHub.advertiseAddress) (kindIs "slice" $cloudCore_modules_cloudHub.advertiseAddress) -}}
{{- if not (kindIs "invalid" $item0) -}}
{{- $all_cloudCore_modules_cloudHub_advertiseAddress = append $all_cloudCore_modules_cloudHub_advertiseAddress $item0 -}}
{{- end -}}
{{- end -}}
{{- $cloudCore_modules_cloudHub_unixsocket := ternary $cloudCore_modules_cloudHub.unixsocket dict (kindIs "map" $cloudCore_modules_cloudHub.unixsocket) -}}
{{- $cloudCore_modules_edgeController := ternary $cloudCore_modules.edgeController dict (kindIs "map" $cloudCore_modules.edgeController) -}}
{{- $cloudCore_commonConfig := ternary $cloudCore.commonConfig dict (kindIs "map" $cloudCore.commonConfig) -}}
{{- $cloudCore_commonConfig_monitorServer := ternary $cloudCore_commonConfig.monitorServer dict (kindIs "map" $cloudCore_commonConfig.monitorServer) -}}
{{- $mosquitto := ternary $values.mosquitto dict (kindIs "map" $values.mosquitto) -}}
{{- $cloudCore_kubeAPIConfig := ternary $cloudCore.kubeAPIConfig dict (kindIs "map" $cloudCore.kubeAPIConfig) -}}
{{- $cloudCore_service := ternary $cloudCore.service dict (kindIs "map" $cloudCore.service) -}}
{{- $cloudCore_streamCertificate := ternary $cloudCore.streamCertificate dict (kindIs "map" $cloudCore.streamCertificate) -}}
{{- $cloudCore_streamCertificate_certManager := ternary $cloudCore_streamCertificate.certManager dict (kindIs "map" $cloudCore_streamCertificate.certManager) -}}
{{- $cloudCore_streamCertificate_files := ternary $cloudCore_streamCertificate.files dict (kindIs "map" $cloudCore_streamCertificate.files) -}}
{{- $streams := ternary $values.streams dict (kindIs "map" $values.streams) -}}
{{- $cloudCore_streamCertificate_certManager_issuerRef := ternary $cloudCore_streamCertificate_certManager.issuerRef dict (kindIs "map" $cloudCore_streamCertificate_certManager.issuerRef) -}}
{{- $controllerManager := ternary $values.controllerManager dict (kindIs "map" $values.controllerManager) -}}
{{- $cloudCore_modules_taskManager := ternary $cloudCore_modules.taskManager dict (kindIs "map" $cloudCore_modules.taskManager) -}}
{{- $iptablesManager := ternary $values.iptablesManager dict (kindIs "map" $values.iptablesManager) -}}
{{- $admission := ternary $values.admission dict (kindIs "map" $values.admission) -}}
{{- $admission_certManager := ternary $admission.certManager dict (kindIs "map" $admission.certManager) -}}
{{- $admission_certManager_issuerRef := ternary $admission_certManager.issuerRef dict (kindIs "map" $admission_certManager.issuerRef) -}}

{{- /* tls-needs-1.12 */ -}}
{{- if le $kubeedge 11 -}}
{{- if has $values.profile (list "one-way" "one-way-verified" "mtls") -}}
{{- $problems = append $problems (list "profile" (printf "KubeEdge %s serves the endpoint over plain http only (set profile to plain, or use KubeEdge 1.12 or newer)" (include "cloudcore.common.host" $values.kubeedgeVersion)) "tls-needs-1.12") -}}
{{- end -}}
{{- end -}}

{{- /* cloudcore-gate-against-profile */ -}}
{{- if has $values.profile (list "one-way" "one-way-verified" "mtls") -}}
{{- if or (kindIs "invalid" $cloudCore_featureGates.requireAuthorization) (eq (toJson $cloudCore_featureGates.requireAuthorization) "false") -}}
{{- $problems = append $problems (list "cloudCore.featureGates.requireAuthorization" (printf "is off, but profile %s needs it on (remove this key, and the profile sets it to true; or set profile to plain)" (include "cloudcore.common.host" $values.profile)) "cloudcore-gate-against-profile") -}}
{{- end -}}
{{- end -}}

{{- /* plain-with-cloudcore-gate */ -}}
{{- if has $values.profile (list "plain") -}}
{{- if eq (toJson $cloudCore_featureGates.requireAuthorization) "true" -}}
{{- $problems = append $problems (list "cloudCore.featureGates.requireAuthorization" "is on, but profile plain needs it off (remove this key, or set profile to one-way-verified)" "plain-with-cloudcore-gate") -}}
{{- end -}}
{{- end -}}

{{- /* dynamic-controller-against-profile */ -}}
{{- if not (kindIs "invalid" $values.profile) -}}
{{- if or (kindIs "invalid" $cloudCore_modules_dynamicController.enable) (eq (toJson $cloudCore_modules_dynamicController.enable) "false") -}}
{{- $problems = append $problems (list "cloudCore.modules.dynamicController.enable" (printf "is off, but profile %s needs it on; every list request then takes 10 s and returns only what the node has stored (remove this key, and the profile sets it to true; or remove profile)" (include "cloudcore.common.host" $values.profile)) "dynamic-controller-against-profile") -}}
{{- end -}}
{{- end -}}

{{- /* label-name */ -}}
{{- if and (not (kindIs "invalid" $values.nameOverride)) (not (regexMatch "^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$" (toString $values.nameOverride))) -}}
{{- $problems = append $problems (list "nameOverride" (printf "must have at most 63 letters, digits, \"-\", \"_\" and \".\", and start and end with a letter or digit (got %s)" (include "cloudcore.common.shown" $values.nameOverride)) "label-name") -}}
{{- end -}}

{{- /* cloud-ports */ -}}
{{- range $key, $value := dict "cloudCore.modules.cloudHub.websocket.port" $cloudCore_modules_cloudHub_websocket.port "cloudCore.modules.cloudHub.quic.port" $cloudCore_modules_cloudHub_quic.port "cloudCore.modules.cloudHub.https.port" $cloudCore_modules_cloudHub_https.port "cloudCore.modules.cloudStream.streamPort" $cloudCore_modules_cloudStream.streamPort "cloudCore.modules.cloudStream.tunnelPort" $cloudCore_modules_cloudStream.tunnelPort "cloudCore.modules.router.port" $cloudCore_modules_router.port -}}
{{- if and (has (kindOf $value) $number) (lt (float64 $value) (float64 1)) -}}
{{- $problems = append $problems (list $key (printf "must be at least 1 (got %s)" (include "cloudcore.common.shown" $value)) "cloud-ports") -}}
{{- end -}}
{{- end -}}

{{- /* cloud-ports-high */ -}}
{{- range $key, $value := dict "cloudCore.modules.cloudHub.websocket.port" $cloudCore_modules_cloudHub_websocket.port "cloudCore.modules.cloudHub.quic.port" $cloudCore_modules_cloudHub_quic.port "cloudCore.modules.cloudHub.https.port" $cloudCore_modules_cloudHub_https.port "cloudCore.modules.cloudStream.streamPort" $cloudCore_modules_cloudStream.streamPort "cloudCore.modules.cloudStream.tunnelPort" $cloudCore_modules_cloudStream.tunnelPort "cloudCore.modules.router.port" $cloudCore_modules_router.port -}}
{{- if and (has (kindOf $value) $number) (gt (float64 $value) (float64 65535)) -}}
{{- $problems = append $problems (list $key (printf "must be at most 65535 (got %s)" (include "cloudcore.common.shown" $value)) "cloud-ports-high") -}}
{{- end -}}
{{- end -}}

{{- /* cloud-addresses */ -}}
{{- range $key, $value := dict "cloudCore.modules.cloudHub.websocket.address" $cloudCore_modules_cloudHub_websocket.address "cloudCore.modules.cloudHub.quic.address" $cloudCore_modules_cloudHub_quic.address -}}
{{- if and (not (kindIs "invalid" $value)) (not (regexMatch $pattern1 (toString $value))) -}}
{{- $problems = append $problems (list $key (printf "must be an IPv4 address (got %s)" (include "cloudcore.common.shown" $value)) "cloud-addresses") -}}
{{- end -}}
{{- end -}}

{{- /* advertise-address */ -}}
{{- range $value := $all_cloudCore_modules_cloudHub_advertiseAddress -}}
{{- if and (not (kindIs "invalid" $value)) (not (regexMatch $pattern1 (toString $value))) -}}
{{- $problems = append $problems (list "cloudCore.modules.cloudHub.advertiseAddress[]" (printf "must be an IP address; cloudcore otherwise creates a certificate without this address and crashes at every start (got %s) (write one address per item, without a port, and put names in cloudCore.modules.cloudHub.dnsNames; if cloudcore has already run with it, also delete the Secret cloudcoresecret)" (include "cloudcore.common.shown" $value)) "advertise-address") -}}
{{- end -}}
{{- end -}}

{{- /* advertise-address-everywhere */ -}}
{{- range $value := $all_cloudCore_modules_cloudHub_advertiseAddress -}}
{{- if and (not (kindIs "invalid" $value)) (regexMatch "^(0\\.0\\.0\\.0|[0:]*::[0:]*|(0{1,4}:){7}0{1,4})$" (toString $value)) -}}
{{- $problems = append $problems (list "cloudCore.modules.cloudHub.advertiseAddress[]" (printf "no node can connect to %s, but cloudcore's certificate is created for it (use the address that edge nodes connect to; if cloudcore has already run with it, also delete the Secret cloudcoresecret)" (include "cloudcore.common.shown" $value)) "advertise-address-everywhere") -}}
{{- end -}}
{{- end -}}

{{- /* websocket-listener-ipv6 */ -}}
{{- if and (or (kindIs "invalid" $cloudCore_modules_cloudHub.enable) (eq (toJson $cloudCore_modules_cloudHub.enable) "true")) (or (kindIs "invalid" $cloudCore_modules_cloudHub_websocket.enable) (eq (toJson $cloudCore_modules_cloudHub_websocket.enable) "true")) -}}
{{- if and (not (kindIs "invalid" $cloudCore_modules_cloudHub_websocket.address)) (regexMatch "^[^[]*:" (toString $cloudCore_modules_cloudHub_websocket.address)) -}}
{{- $problems = append $problems (list "cloudCore.modules.cloudHub.websocket.address" (printf "must not be an IPv6 address: cloudcore exits with \"too many colons in address\" (got %s) (use 0.0.0.0, which serves IPv4 and IPv6)" (include "cloudcore.common.shown" $cloudCore_modules_cloudHub_websocket.address)) "websocket-listener-ipv6") -}}
{{- end -}}
{{- end -}}

{{- /* quic-listener-ipv6 */ -}}
{{- if and (or (kindIs "invalid" $cloudCore_modules_cloudHub.enable) (eq (toJson $cloudCore_modules_cloudHub.enable) "true")) (eq (toJson $cloudCore_modules_cloudHub_quic.enable) "true") -}}
{{- if and (not (kindIs "invalid" $cloudCore_modules_cloudHub_quic.address)) (regexMatch "^[^[]*:" (toString $cloudCore_modules_cloudHub_quic.address)) -}}
{{- $problems = append $problems (list "cloudCore.modules.cloudHub.quic.address" (printf "must not be an IPv6 address: cloudcore exits with \"too many colons in address\" (got %s) (use 0.0.0.0, which serves IPv4 and IPv6)" (include "cloudcore.common.shown" $cloudCore_modules_cloudHub_quic.address)) "quic-listener-ipv6") -}}
{{- end -}}
{{- end -}}

{{- /* https-listener-ipv6 */ -}}
{{- if or (kindIs "invalid" $cloudCore_modules_cloudHub.enable) (eq (toJson $cloudCore_modules_cloudHub.enable) "true") -}}
{{- if and (not (kindIs "invalid" $cloudCore_modules_cloudHub_https.address)) (regexMatch "^[^[]*:" (toString $cloudCore_modules_cloudHub_https.address)) -}}
{{- $problems = append $problems (list "cloudCore.modules.cloudHub.https.address" (printf "must not be an IPv6 address: cloudcore exits with \"too many colons in address\" (got %s) (use 0.0.0.0, which serves IPv4 and IPv6)" (include "cloudcore.common.shown" $cloudCore_modules_cloudHub_https.address)) "https-listener-ipv6") -}}
{{- end -}}
{{- end -}}

{{- /* router-listener-ipv6 */ -}}
{{- if eq (toJson $cloudCore_modules_router.enable) "true" -}}
{{- if and (not (kindIs "invalid" $cloudCore_modules_router.address)) (regexMatch "^[^[]*:" (toString $cloudCore_modules_router.address)) -}}
{{- $problems = append $problems (list "cloudCore.modules.router.address" (printf "must not be an IPv6 address: cloudcore exits with \"too many colons in address\" (got %s) (use 0.0.0.0, which serves IPv4 and IPv6)" (include "cloudcore.common.shown" $cloudCore_modules_router.address)) "router-listener-ipv6") -}}
{{- end -}}
{{- end -}}

{{- /* unix-socket */ -}}
{{- if and (not (kindIs "invalid" $cloudCore_modules_cloudHub_unixsocket.address)) (not (regexMatch "^unix://" (toString $cloudCore_modules_cloudHub_unixsocket.address))) -}}
{{- $problems = append $problems (list "cloudCore.modules.cloudHub.unixsocket.address" (printf "must start with unix:// (got %s)" (include "cloudcore.common.shown" $cloudCore_modules_cloudHub_unixsocket.address)) "unix-socket") -}}
{{- end -}}

{{- /* cloud-durations */ -}}
{{- range $key, $value := dict "cloudCore.modules.cloudHub.tokenRefreshDuration" $cloudCore_modules_cloudHub.tokenRefreshDuration "cloudCore.modules.edgeController.nodeUpdateFrequency" $cloudCore_modules_edgeController.nodeUpdateFrequency -}}
{{- if and (has (kindOf $value) $number) (lt (float64 $value) (float64 1)) -}}
{{- $problems = append $problems (list $key (printf "must be more than 0 (got %s)" (include "cloudcore.common.shown" $value)) "cloud-durations") -}}
{{- end -}}
{{- end -}}

{{- /* monitor-address */ -}}
{{- if ge $kubeedge 13 -}}
{{- if and (not (kindIs "invalid" $cloudCore_commonConfig_monitorServer.bindAddress)) (not (regexMatch "^([0-9.]+|\\[[0-9A-Fa-f:.]+\\]):[0-9]{1,5}$" (toString $cloudCore_commonConfig_monitorServer.bindAddress))) -}}
{{- $problems = append $problems (list "cloudCore.commonConfig.monitorServer.bindAddress" (printf "must be IP:port (got %s) (for example 127.0.0.1:9091)" (include "cloudcore.common.shown" $cloudCore_commonConfig_monitorServer.bindAddress)) "monitor-address") -}}
{{- end -}}
{{- end -}}

{{- /* broker-address */ -}}
{{- if and (not (kindIs "invalid" $mosquitto.address)) (not (regexMatch $pattern1 (toString $mosquitto.address))) -}}
{{- $problems = append $problems (list "mosquitto.address" (printf "must be an IP address (got %s)" (include "cloudcore.common.shown" $mosquitto.address)) "broker-address") -}}
{{- end -}}

{{- /* kubeconfig-path */ -}}
{{- if and (not (kindIs "invalid" $cloudCore_kubeAPIConfig.kubeConfig)) (not (regexMatch "^(/.*)?$" (toString $cloudCore_kubeAPIConfig.kubeConfig))) -}}
{{- $problems = append $problems (list "cloudCore.kubeAPIConfig.kubeConfig" (printf "must be an absolute path (got %s)" (include "cloudcore.common.shown" $cloudCore_kubeAPIConfig.kubeConfig)) "kubeconfig-path") -}}
{{- end -}}

{{- /* iptables-mode-field */ -}}
{{- if not (kindIs "invalid" $cloudCore_modules.iptablesManager) -}}
{{- $problems = append $problems (list "cloudCore.modules.iptablesManager" "the chart sets this from iptablesManager.enable and iptablesManager.mode (set those, and remove this key)" "iptables-mode-field") -}}
{{- end -}}

{{- /* replicas */ -}}
{{- if or (kindIs "invalid" $cloudCore.existingCA) (eq (toJson $cloudCore.existingCA) "false") -}}
{{- if and (has (kindOf $cloudCore.replicaCount) $number) (gt (float64 $cloudCore.replicaCount) (float64 1)) -}}
{{- $problems = append $problems (list "cloudCore.replicaCount" "at the first start each instance creates its own CA, and edge nodes lose their connection (start with 1 instance, which creates the Secrets casecret and cloudcoresecret; then set cloudCore.existingCA to true and raise this key)" "replicas") -}}
{{- end -}}
{{- end -}}

{{- /* replicas-without-balancer */ -}}
{{- if and (or (kindIs "invalid" $cloudCore_service.type) (and (not (kindIs "invalid" $cloudCore_service.type)) (not (has $cloudCore_service.type (list "LoadBalancer"))))) (empty $cloudCore.loadBalancerAddress) -}}
{{- if and (has (kindOf $cloudCore.replicaCount) $number) (gt (float64 $cloudCore.replicaCount) (float64 1)) -}}
{{- $problems = append $problems (list "cloudCore.replicaCount" "several instances need a load balancer in front of them (set cloudCore.service.type to LoadBalancer, or set cloudCore.loadBalancerAddress to your own load balancer, or use 1)" "replicas-without-balancer") -}}
{{- end -}}
{{- end -}}

{{- /* stream-without-certificate */ -}}
{{- if and (empty $cloudCore_streamCertificate.existingSecret) (or (kindIs "invalid" $cloudCore_streamCertificate_certManager.enable) (eq (toJson $cloudCore_streamCertificate_certManager.enable) "false")) (or (kindIs "invalid" $cloudCore_streamCertificate_files.enable) (eq (toJson $cloudCore_streamCertificate_files.enable) "false")) (or (kindIs "invalid" $streams.enable) (eq (toJson $streams.enable) "false")) -}}
{{- if eq (toJson $cloudCore_modules_cloudStream.enable) "true" -}}
{{- $problems = append $problems (list "cloudCore.modules.cloudStream.enable" "is on, but cloudStream has no certificate; cloudcore exits (set cloudCore.streamCertificate.existingSecret, or set cloudCore.streamCertificate.certManager.enable or cloudCore.streamCertificate.files.enable to true, or remove this key)" "stream-without-certificate") -}}
{{- end -}}
{{- end -}}

{{- /* streams-need-certificate */ -}}
{{- if and (or (kindIs "invalid" $cloudCore_modules_cloudStream.enable) (eq (toJson $cloudCore_modules_cloudStream.enable) "true")) (empty $cloudCore_streamCertificate.existingSecret) (or (kindIs "invalid" $cloudCore_streamCertificate_certManager.enable) (eq (toJson $cloudCore_streamCertificate_certManager.enable) "false")) (or (kindIs "invalid" $cloudCore_streamCertificate_files.enable) (eq (toJson $cloudCore_streamCertificate_files.enable) "false")) -}}
{{- if eq (toJson $streams.enable) "true" -}}
{{- $problems = append $problems (list "streams.enable" "is true, but cloudStream has no certificate; cloudcore exits without one (create it with `generator certs issue --for streams` and set cloudCore.streamCertificate.existingSecret to the Secret; or set cloudCore.streamCertificate.certManager.enable or cloudCore.streamCertificate.files.enable to true)" "streams-need-certificate") -}}
{{- end -}}
{{- end -}}

{{- /* streams-against-cloud */ -}}
{{- if not (kindIs "invalid" $streams.enable) -}}
{{- if and (not (kindIs "invalid" $cloudCore_modules_cloudStream.enable)) (not (eq (toJson $cloudCore_modules_cloudStream.enable) (toJson (ternary "" $streams.enable (kindIs "invalid" $streams.enable))))) -}}
{{- $problems = append $problems (list "cloudCore.modules.cloudStream.enable" (printf "is %s, but streams.enable is %s (remove this key, or remove streams.enable and set each key yourself)" (include "cloudcore.common.shown" $cloudCore_modules_cloudStream.enable) (include "cloudcore.common.host" $streams.enable)) "streams-against-cloud") -}}
{{- end -}}
{{- end -}}

{{- /* stream-certificate-twice */ -}}
{{- if not (empty $cloudCore_streamCertificate.existingSecret) -}}
{{- if eq (toJson $cloudCore_streamCertificate_certManager.enable) "true" -}}
{{- $problems = append $problems (list "cloudCore.streamCertificate.certManager.enable" "cannot be used together with cloudCore.streamCertificate.existingSecret (keep only one of the two)" "stream-certificate-twice") -}}
{{- end -}}
{{- end -}}

{{- /* stream-certificate-on-host-and-in-secret */ -}}
{{- if not (empty $cloudCore_streamCertificate.existingSecret) -}}
{{- if eq (toJson $cloudCore_streamCertificate_files.enable) "true" -}}
{{- $problems = append $problems (list "cloudCore.streamCertificate.files.enable" "cannot be used together with cloudCore.streamCertificate.existingSecret (keep only one of the two)" "stream-certificate-on-host-and-in-secret") -}}
{{- end -}}
{{- end -}}

{{- /* stream-certificate-on-host-and-from-cert-manager */ -}}
{{- if eq (toJson $cloudCore_streamCertificate_certManager.enable) "true" -}}
{{- if eq (toJson $cloudCore_streamCertificate_files.enable) "true" -}}
{{- $problems = append $problems (list "cloudCore.streamCertificate.files.enable" "cannot be used together with cloudCore.streamCertificate.certManager.enable (keep only one of the two)" "stream-certificate-on-host-and-from-cert-manager") -}}
{{- end -}}
{{- end -}}

{{- /* stream-certificate-path */ -}}
{{- if eq (toJson $cloudCore_streamCertificate_files.enable) "true" -}}
{{- range $key, $value := dict "cloudCore.streamCertificate.files.ca" $cloudCore_streamCertificate_files.ca "cloudCore.streamCertificate.files.cert" $cloudCore_streamCertificate_files.cert "cloudCore.streamCertificate.files.key" $cloudCore_streamCertificate_files.key -}}
{{- if and (not (kindIs "invalid" $value)) (not (regexMatch "^/" (toString $value))) -}}
{{- $problems = append $problems (list $key (printf "must be an absolute path (got %s)" (include "cloudcore.common.shown" $value)) "stream-certificate-path") -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* issuer */ -}}
{{- if empty $cloudCore_streamCertificate_certManager_issuerRef.name -}}
{{- if eq (toJson $cloudCore_streamCertificate_certManager.enable) "true" -}}
{{- $problems = append $problems (list "cloudCore.streamCertificate.certManager.issuerRef.name" "is empty, but cert-manager needs an issuer to sign the certificate (set it to the name of an Issuer or ClusterIssuer)" "issuer") -}}
{{- end -}}
{{- end -}}

{{- /* task-manager-without-controller */ -}}
{{- if and (ge $kubeedge 21) (or (kindIs "invalid" $cloudCore_featureGates.disableNodeTaskV1alpha2) (eq (toJson $cloudCore_featureGates.disableNodeTaskV1alpha2) "false")) (or (kindIs "invalid" $controllerManager.enable) (eq (toJson $controllerManager.enable) "false")) -}}
{{- if eq (toJson $cloudCore_modules_taskManager.enable) "true" -}}
{{- $problems = append $problems (list "cloudCore.modules.taskManager.enable" "is on, but the controller manager is off, so node jobs of v1alpha2 never start (set controllerManager.enable to true)" "task-manager-without-controller") -}}
{{- end -}}
{{- end -}}

{{- /* controller-manager-since */ -}}
{{- if le $kubeedge 10 -}}
{{- if eq (toJson $controllerManager.enable) "true" -}}
{{- $problems = append $problems (list "controllerManager.enable" (printf "KubeEdge %s has no controller manager (remove this key, or use KubeEdge 1.11 or newer)" (include "cloudcore.common.host" $values.kubeedgeVersion)) "controller-manager-since") -}}
{{- end -}}
{{- end -}}

{{- /* iptables-nft-since */ -}}
{{- if and (le $kubeedge 20) (or (kindIs "invalid" $iptablesManager.enable) (eq (toJson $iptablesManager.enable) "true")) (or (kindIs "invalid" $iptablesManager.mode) (has $iptablesManager.mode (list "external"))) -}}
{{- if has $iptablesManager.framework (list "nft") -}}
{{- $problems = append $problems (list "iptablesManager.framework" (printf "KubeEdge %s has no iptables-manager image for nft (set it to legacy, or use KubeEdge 1.21 or newer)" (include "cloudcore.common.host" $values.kubeedgeVersion)) "iptables-nft-since") -}}
{{- end -}}
{{- end -}}

{{- /* admission-without-certificate */ -}}
{{- if and (empty $admission.certsSecretName) (or (kindIs "invalid" $admission_certManager.enable) (eq (toJson $admission_certManager.enable) "false")) -}}
{{- if eq (toJson $admission.enable) "true" -}}
{{- $problems = append $problems (list "admission.enable" "is on, but the admission webhook has no certificate and would exit (set admission.certsSecretName, or set admission.certManager.enable to true)" "admission-without-certificate") -}}
{{- end -}}
{{- end -}}

{{- /* admission-certificate-twice */ -}}
{{- if not (empty $admission.certsSecretName) -}}
{{- if eq (toJson $admission_certManager.enable) "true" -}}
{{- $problems = append $problems (list "admission.certManager.enable" "cannot be used together with admission.certsSecretName (keep only one of the two)" "admission-certificate-twice") -}}
{{- end -}}
{{- end -}}

{{- /* admission-issuer */ -}}
{{- if empty $admission_certManager_issuerRef.name -}}
{{- if eq (toJson $admission_certManager.enable) "true" -}}
{{- $problems = append $problems (list "admission.certManager.issuerRef.name" "is empty, but cert-manager needs an issuer to sign the certificate (set it to the name of an Issuer or ClusterIssuer)" "admission-issuer") -}}
{{- end -}}
{{- end -}}

{{- /* cloudcore-port-twice */ -}}
{{- $ports := list -}}
{{- if and (or (kindIs "invalid" $cloudCore_modules_cloudHub.enable) (eq (toJson $cloudCore_modules_cloudHub.enable) "true")) (or (kindIs "invalid" $cloudCore_modules_cloudHub_websocket.enable) (eq (toJson $cloudCore_modules_cloudHub_websocket.enable) "true")) -}}
{{- $ports = append $ports (dict "key" "cloudCore.modules.cloudHub.websocket.port" "value" (ternary 10000 $cloudCore_modules_cloudHub_websocket.port (kindIs "invalid" $cloudCore_modules_cloudHub_websocket.port)) "address" $cloudCore_modules_cloudHub_websocket.address) -}}
{{- end -}}
{{- if and (or (kindIs "invalid" $cloudCore_modules_cloudHub.enable) (eq (toJson $cloudCore_modules_cloudHub.enable) "true")) (eq (toJson $cloudCore_modules_cloudHub_quic.enable) "true") -}}
{{- $ports = append $ports (dict "key" "cloudCore.modules.cloudHub.quic.port" "value" (ternary 10001 $cloudCore_modules_cloudHub_quic.port (kindIs "invalid" $cloudCore_modules_cloudHub_quic.port)) "address" $cloudCore_modules_cloudHub_quic.address "protocol" "UDP") -}}
{{- end -}}
{{- if or (kindIs "invalid" $cloudCore_modules_cloudHub.enable) (eq (toJson $cloudCore_modules_cloudHub.enable) "true") -}}
{{- $ports = append $ports (dict "key" "cloudCore.modules.cloudHub.https.port" "value" (ternary 10002 $cloudCore_modules_cloudHub_https.port (kindIs "invalid" $cloudCore_modules_cloudHub_https.port)) "address" $cloudCore_modules_cloudHub_https.address) -}}
{{- end -}}
{{- if and (or (kindIs "invalid" $cloudCore_modules_cloudStream.enable) (eq (toJson $cloudCore_modules_cloudStream.enable) "true")) (or (eq (toJson $cloudCore_modules_cloudStream.enable) "true") (not (empty $cloudCore_streamCertificate.existingSecret)) (eq (toJson $cloudCore_streamCertificate_certManager.enable) "true") (eq (toJson $cloudCore_streamCertificate_files.enable) "true")) -}}
{{- $ports = append $ports (dict "key" "cloudCore.modules.cloudStream.streamPort" "value" (ternary 10003 $cloudCore_modules_cloudStream.streamPort (kindIs "invalid" $cloudCore_modules_cloudStream.streamPort))) -}}
{{- end -}}
{{- if and (or (kindIs "invalid" $cloudCore_modules_cloudStream.enable) (eq (toJson $cloudCore_modules_cloudStream.enable) "true")) (or (eq (toJson $cloudCore_modules_cloudStream.enable) "true") (not (empty $cloudCore_streamCertificate.existingSecret)) (eq (toJson $cloudCore_streamCertificate_certManager.enable) "true") (eq (toJson $cloudCore_streamCertificate_files.enable) "true")) -}}
{{- $ports = append $ports (dict "key" "cloudCore.modules.cloudStream.tunnelPort" "value" (ternary 10004 $cloudCore_modules_cloudStream.tunnelPort (kindIs "invalid" $cloudCore_modules_cloudStream.tunnelPort))) -}}
{{- end -}}
{{- if eq (toJson $cloudCore_modules_router.enable) "true" -}}
{{- $ports = append $ports (dict "key" "cloudCore.modules.router.port" "value" (ternary 9443 $cloudCore_modules_router.port (kindIs "invalid" $cloudCore_modules_router.port)) "address" $cloudCore_modules_router.address) -}}
{{- end -}}
{{- if ge $kubeedge 13 -}}
{{- $ports = append $ports (dict "key" "cloudCore.commonConfig.monitorServer.bindAddress" "value" (ternary "127.0.0.1:9091" $cloudCore_commonConfig_monitorServer.bindAddress (kindIs "invalid" $cloudCore_commonConfig_monitorServer.bindAddress))) -}}
{{- end -}}
{{- $twice := dict -}}
{{- include "cloudcore.common.twice" (dict "ports" $ports "out" $twice) -}}
{{- range $twice.pairs -}}
{{- $problems = append $problems (list .other (printf "%s and %s are both port %s; cloudcore cannot listen on it twice and exits (change one of the two ports)" .one .other .port) "cloudcore-port-twice") -}}
{{- end -}}

{{- /* service-port-twice */ -}}
{{- if or (kindIs "invalid" $cloudCore_service.enable) (eq (toJson $cloudCore_service.enable) "true") -}}
{{- $ports := list -}}
{{- if and (or (kindIs "invalid" $cloudCore_modules_cloudHub.enable) (eq (toJson $cloudCore_modules_cloudHub.enable) "true")) (or (kindIs "invalid" $cloudCore_modules_cloudHub_websocket.enable) (eq (toJson $cloudCore_modules_cloudHub_websocket.enable) "true")) -}}
{{- $ports = append $ports (dict "key" "cloudCore.modules.cloudHub.websocket.port" "value" (ternary 10000 $cloudCore_modules_cloudHub_websocket.port (kindIs "invalid" $cloudCore_modules_cloudHub_websocket.port))) -}}
{{- end -}}
{{- if and (or (kindIs "invalid" $cloudCore_modules_cloudHub.enable) (eq (toJson $cloudCore_modules_cloudHub.enable) "true")) (eq (toJson $cloudCore_modules_cloudHub_quic.enable) "true") -}}
{{- $ports = append $ports (dict "key" "cloudCore.modules.cloudHub.quic.port" "value" (ternary 10001 $cloudCore_modules_cloudHub_quic.port (kindIs "invalid" $cloudCore_modules_cloudHub_quic.port)) "protocol" "UDP") -}}
{{- end -}}
{{- if and (or (kindIs "invalid" $cloudCore_modules_cloudHub.enable) (eq (toJson $cloudCore_modules_cloudHub.enable) "true")) (or (kindIs "invalid" $cloudCore_modules_cloudHub_https.enable) (eq (toJson $cloudCore_modules_cloudHub_https.enable) "true")) -}}
{{- $ports = append $ports (dict "key" "cloudCore.modules.cloudHub.https.port" "value" (ternary 10002 $cloudCore_modules_cloudHub_https.port (kindIs "invalid" $cloudCore_modules_cloudHub_https.port))) -}}
{{- end -}}
{{- if and (or (kindIs "invalid" $cloudCore_modules_cloudStream.enable) (eq (toJson $cloudCore_modules_cloudStream.enable) "true")) (or (eq (toJson $cloudCore_modules_cloudStream.enable) "true") (not (empty $cloudCore_streamCertificate.existingSecret)) (eq (toJson $cloudCore_streamCertificate_certManager.enable) "true") (eq (toJson $cloudCore_streamCertificate_files.enable) "true")) -}}
{{- $ports = append $ports (dict "key" "cloudCore.modules.cloudStream.streamPort" "value" (ternary 10003 $cloudCore_modules_cloudStream.streamPort (kindIs "invalid" $cloudCore_modules_cloudStream.streamPort))) -}}
{{- end -}}
{{- if and (or (kindIs "invalid" $cloudCore_modules_cloudStream.enable) (eq (toJson $cloudCore_modules_cloudStream.enable) "true")) (or (eq (toJson $cloudCore_modules_cloudStream.enable) "true") (not (empty $cloudCore_streamCertificate.existingSecret)) (eq (toJson $cloudCore_streamCertificate_certManager.enable) "true") (eq (toJson $cloudCore_streamCertificate_files.enable) "true")) -}}
{{- $ports = append $ports (dict "key" "cloudCore.modules.cloudStream.tunnelPort" "value" (ternary 10004 $cloudCore_modules_cloudStream.tunnelPort (kindIs "invalid" $cloudCore_modules_cloudStream.tunnelPort))) -}}
{{- end -}}
{{- if eq (toJson $cloudCore_modules_router.enable) "true" -}}
{{- $ports = append $ports (dict "key" "cloudCore.modules.router.port" "value" (ternary 9443 $cloudCore_modules_router.port (kindIs "invalid" $cloudCore_modules_router.port))) -}}
{{- end -}}
{{- if and (ge $kubeedge 13) (and (not (kindIs "invalid" $cloudCore_commonConfig_monitorServer.bindAddress)) (not (regexMatch "^127\\." (toString $cloudCore_commonConfig_monitorServer.bindAddress)))) -}}
{{- $ports = append $ports (dict "key" "cloudCore.commonConfig.monitorServer.bindAddress" "value" $cloudCore_commonConfig_monitorServer.bindAddress "host" "0.0.0.0") -}}
{{- end -}}
{{- $twice := dict -}}
{{- include "cloudcore.common.twice" (dict "ports" $ports "out" $twice) -}}
{{- range $twice.pairs -}}
{{- $problems = append $problems (list .other (printf "%s and %s are both port %s; a Service cannot have the same port twice (change one of the two ports, or set cloudCore.service.enable to false)" .one .other .port) "service-port-twice") -}}
{{- end -}}
{{- end -}}

{{- /* node-port-twice */ -}}
{{- if and (or (kindIs "invalid" $cloudCore_service.type) (has $cloudCore_service.type (list "NodePort"))) (or (not (kindIs "invalid" $cloudCore_service.type)) (eq (toJson $cloudCore.hostNetWork) "false")) (or (kindIs "invalid" $cloudCore_service.enable) (eq (toJson $cloudCore_service.enable) "true")) -}}
{{- $ports := list -}}
{{- $ports = append $ports (dict "key" "cloudCore.service.cloudhubNodePort" "value" $cloudCore_service.cloudhubNodePort) -}}
{{- $ports = append $ports (dict "key" "cloudCore.service.cloudhubQuicNodePort" "value" $cloudCore_service.cloudhubQuicNodePort) -}}
{{- $ports = append $ports (dict "key" "cloudCore.service.cloudhubHttpsNodePort" "value" $cloudCore_service.cloudhubHttpsNodePort) -}}
{{- $ports = append $ports (dict "key" "cloudCore.service.cloudstreamNodePort" "value" $cloudCore_service.cloudstreamNodePort) -}}
{{- $ports = append $ports (dict "key" "cloudCore.service.tunnelNodePort" "value" $cloudCore_service.tunnelNodePort) -}}
{{- $ports = append $ports (dict "key" "cloudCore.service.routerNodePort" "value" $cloudCore_service.routerNodePort) -}}
{{- $twice := dict -}}
{{- include "cloudcore.common.twice" (dict "ports" $ports "out" $twice) -}}
{{- range $twice.pairs -}}
{{- $problems = append $problems (list .other (printf "%s and %s are both node port %s; the API server rejects the Service (use a different port for each, or 0 to let Kubernetes choose)" .one .other .port) "node-port-twice") -}}
{{- end -}}
{{- end -}}

{{- /* no-advertise-address */ -}}
{{- if empty $cloudCore_modules_cloudHub.advertiseAddress -}}
{{- $warnings = append $warnings (list "cloudCore.modules.cloudHub.advertiseAddress" "is empty: cloudcore creates its certificate once, for the address of its host; edge nodes that use another address cannot join (before the first start, list every address that edge nodes use)" "no-advertise-address") -}}
{{- end -}}

{{- /* advertise-address-loopback */ -}}
{{- range $value := $all_cloudCore_modules_cloudHub_advertiseAddress -}}
{{- if and (not (kindIs "invalid" $value)) (regexMatch "^(127\\.[0-9.]+|::1|localhost)$" (toString $value)) -}}
{{- $warnings = append $warnings (list "cloudCore.modules.cloudHub.advertiseAddress[]" (printf "only nodes on cloudcore's own machine can connect to %s (use the address that edge nodes connect to; after the first start, also delete the Secret cloudcoresecret (never casecret) and restart cloudcore)" (include "cloudcore.common.shown" $value)) "advertise-address-loopback") -}}
{{- end -}}
{{- end -}}

{{- /* node-port-range */ -}}
{{- if and (or (kindIs "invalid" $cloudCore_service.type) (has $cloudCore_service.type (list "NodePort"))) (or (not (kindIs "invalid" $cloudCore_service.type)) (eq (toJson $cloudCore.hostNetWork) "false")) (or (kindIs "invalid" $cloudCore_service.enable) (eq (toJson $cloudCore_service.enable) "true")) -}}
{{- range $key, $value := dict "cloudCore.service.cloudhubNodePort" $cloudCore_service.cloudhubNodePort "cloudCore.service.cloudhubQuicNodePort" $cloudCore_service.cloudhubQuicNodePort "cloudCore.service.cloudhubHttpsNodePort" $cloudCore_service.cloudhubHttpsNodePort "cloudCore.service.cloudstreamNodePort" $cloudCore_service.cloudstreamNodePort "cloudCore.service.tunnelNodePort" $cloudCore_service.tunnelNodePort "cloudCore.service.routerNodePort" $cloudCore_service.routerNodePort -}}
{{- if and (not (kindIs "invalid" $value)) (not (regexMatch "^(0|3[01][0-9]{3}|32[0-6][0-9]{2}|327[0-5][0-9]|3276[0-7])$" (toString $value))) -}}
{{- $warnings = append $warnings (list $key (printf "must be from 30000 to 32767 unless the API server's --service-node-port-range allows it (got %s) (use a port from 30000 to 32767, or 0 to let Kubernetes choose)" (include "cloudcore.common.shown" $value)) "node-port-range") -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* balancer-of-two-protocols */ -}}
{{- if and (eq (toJson $cloudCore_modules_cloudHub_quic.enable) "true") (or (kindIs "invalid" $cloudCore_modules_cloudHub.enable) (eq (toJson $cloudCore_modules_cloudHub.enable) "true")) (or (kindIs "invalid" $cloudCore_service.enable) (eq (toJson $cloudCore_service.enable) "true")) -}}
{{- if has $cloudCore_service.type (list "LoadBalancer") -}}
{{- $warnings = append $warnings (list "cloudCore.service.type" "the Service has TCP and UDP ports; many load balancers support only one protocol (ask your provider, or set cloudCore.modules.cloudHub.quic.enable to false)" "balancer-of-two-protocols") -}}
{{- end -}}
{{- end -}}

{{- /* cloud-hub-off */ -}}
{{- if eq (toJson $cloudCore_modules_cloudHub.enable) "false" -}}
{{- $warnings = append $warnings (list "cloudCore.modules.cloudHub.enable" "is off, so no edge node can connect or join (set it to true)" "cloud-hub-off") -}}
{{- end -}}

{{- /* certificate-server-off */ -}}
{{- if or (kindIs "invalid" $cloudCore_modules_cloudHub.enable) (eq (toJson $cloudCore_modules_cloudHub.enable) "true") -}}
{{- if eq (toJson $cloudCore_modules_cloudHub_https.enable) "false" -}}
{{- $warnings = append $warnings (list "cloudCore.modules.cloudHub.https.enable" "is off, but edge nodes get and renew their certificates on this port; no node can join (set it to true)" "certificate-server-off") -}}
{{- end -}}
{{- end -}}

{{- /* edge-controller-off */ -}}
{{- if eq (toJson $cloudCore_modules_edgeController.enable) "false" -}}
{{- $warnings = append $warnings (list "cloudCore.modules.edgeController.enable" "is off: edge nodes get no pods, ConfigMaps and Secrets, and their status does not reach the cluster (set it to true)" "edge-controller-off") -}}
{{- end -}}

{{- /* iptables-in-pod-network */ -}}
{{- if and (ge $kubeedge 9) (or (kindIs "invalid" $iptablesManager.enable) (eq (toJson $iptablesManager.enable) "true")) (or (kindIs "invalid" $iptablesManager.mode) (has $iptablesManager.mode (list "external"))) -}}
{{- if eq (toJson $iptablesManager.hostNetWork) "false" -}}
{{- $warnings = append $warnings (list "iptablesManager.hostNetWork" "is off: the iptables rules apply only inside the pod, so kubectl logs and exec do not reach edge nodes (set it to true)" "iptables-in-pod-network") -}}
{{- end -}}
{{- end -}}

{{- /* iptables-in-cloudcores-network */ -}}
{{- if and (ge $kubeedge 9) (or (kindIs "invalid" $iptablesManager.enable) (eq (toJson $iptablesManager.enable) "true")) (eq (toJson $cloudCore.hostNetWork) "false") -}}
{{- if has $iptablesManager.mode (list "internal") -}}
{{- $warnings = append $warnings (list "iptablesManager.mode" "the iptables rules apply only inside cloudcore's pod, so kubectl logs and exec do not reach edge nodes (set iptablesManager.mode to external, or set cloudCore.hostNetWork to true)" "iptables-in-cloudcores-network") -}}
{{- end -}}
{{- end -}}

{{- /* streams-rules-on-one-node */ -}}
{{- if and (or (kindIs "invalid" $iptablesManager.enable) (eq (toJson $iptablesManager.enable) "true")) (eq (toJson $streams.enable) "true") (empty $cloudCore.nodeSelector) -}}
{{- if and (not (kindIs "invalid" $values.kubeedgeVersion)) (regexMatch "^v?1\\.[78]([.-]|$)" (toString $values.kubeedgeVersion)) -}}
{{- $warnings = append $warnings (list "kubeedgeVersion" "cloudcore creates the iptables rules on its own node only; kubectl logs and exec fail if the API server is on another node (use KubeEdge 1.9 or newer with iptablesManager.mode external; or set cloudCore.nodeSelector and cloudCore.tolerations so that cloudcore runs on the API server's node)" "streams-rules-on-one-node") -}}
{{- else if has $iptablesManager.mode (list "internal") -}}
{{- $warnings = append $warnings (list "iptablesManager.mode" "cloudcore creates the iptables rules on its own node only; kubectl logs and exec fail if the API server is on another node (use KubeEdge 1.9 or newer with iptablesManager.mode external; or set cloudCore.nodeSelector and cloudCore.tolerations so that cloudcore runs on the API server's node)" "streams-rules-on-one-node") -}}
{{- end -}}
{{- end -}}

{{- /* kubeconfig-authority */ -}}
{{- if and (ge $kubeedge 17) (eq (toJson $cloudCore_featureGates.requireAuthorization) "true") -}}
{{- if not (empty $cloudCore_kubeAPIConfig.kubeConfig) -}}
{{- $warnings = append $warnings (list "cloudCore.kubeAPIConfig.kubeConfig" "edgecore crashes on every node if the CA is embedded in this file, as in each kubeconfig of kubeadm (name a CA file in certificate-authority of the kubeconfig, or remove this key if cloudcore runs in the cluster)" "kubeconfig-authority") -}}
{{- end -}}
{{- end -}}

{{- /* rate-overwritten */ -}}
{{- if ge $kubeedge 13 -}}
{{- range $key, $value := dict "cloudCore.kubeAPIConfig.qps" $cloudCore_kubeAPIConfig.qps "cloudCore.kubeAPIConfig.burst" $cloudCore_kubeAPIConfig.burst -}}
{{- if not (kindIs "invalid" $value) -}}
{{- $warnings = append $warnings (list $key "cloudcore overwrites this value: qps with 5 × nodeLimit, burst with 10 × nodeLimit (set cloudCore.modules.cloudHub.nodeLimit)" "rate-overwritten") -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* node-port-in-front */ -}}
{{- if eq (toJson $cloudCore.hostNetWork) "false" -}}
{{- if or (kindIs "invalid" $cloudCore_service.type) (has $cloudCore_service.type (list "NodePort")) -}}
{{- $warnings = append $warnings (list "cloudCore.service.type" "edge nodes reach cloudcore on the node ports (30000 and up), not on port 10000 (set edgeCore.modules.edgeHub.websocket.server, httpServer and edgeStream.server to the node ports, or use a LoadBalancer)" "node-port-in-front") -}}
{{- end -}}
{{- end -}}

{{- /* balancer-not-advertised */ -}}
{{- if and (and (not (kindIs "invalid" (ternary list $cloudCore_modules_cloudHub.advertiseAddress (kindIs "invalid" $cloudCore_modules_cloudHub.advertiseAddress)))) (not (has (ternary "" $cloudCore.loadBalancerAddress (kindIs "invalid" $cloudCore.loadBalancerAddress)) (ternary (ternary list $cloudCore_modules_cloudHub.advertiseAddress (kindIs "invalid" $cloudCore_modules_cloudHub.advertiseAddress)) (list (ternary list $cloudCore_modules_cloudHub.advertiseAddress (kindIs "invalid" $cloudCore_modules_cloudHub.advertiseAddress))) (kindIs "slice" (ternary list $cloudCore_modules_cloudHub.advertiseAddress (kindIs "invalid" $cloudCore_modules_cloudHub.advertiseAddress))))))) (and (not (kindIs "invalid" (ternary list $cloudCore_modules_cloudHub.dnsNames (kindIs "invalid" $cloudCore_modules_cloudHub.dnsNames)))) (not (has (ternary "" $cloudCore.loadBalancerAddress (kindIs "invalid" $cloudCore.loadBalancerAddress)) (ternary (ternary list $cloudCore_modules_cloudHub.dnsNames (kindIs "invalid" $cloudCore_modules_cloudHub.dnsNames)) (list (ternary list $cloudCore_modules_cloudHub.dnsNames (kindIs "invalid" $cloudCore_modules_cloudHub.dnsNames))) (kindIs "slice" (ternary list $cloudCore_modules_cloudHub.dnsNames (kindIs "invalid" $cloudCore_modules_cloudHub.dnsNames))))))) -}}
{{- if not (empty $cloudCore.loadBalancerAddress) -}}
{{- $warnings = append $warnings (list "cloudCore.loadBalancerAddress" "is not in cloudcore's certificate, so edge nodes cannot join through the load balancer (add it to cloudCore.modules.cloudHub.advertiseAddress, or to dnsNames if it is a name)" "balancer-not-advertised") -}}
{{- end -}}
{{- end -}}

{{- /* controller-manager-replicas */ -}}
{{- if eq (toJson $controllerManager.enable) "true" -}}
{{- if and (has (kindOf $controllerManager.replicaCount) $number) (gt (float64 $controllerManager.replicaCount) (float64 1)) -}}
{{- $warnings = append $warnings (list "controllerManager.replicaCount" "the controller manager has no leader election, so all instances act at the same time (use 1)" "controller-manager-replicas") -}}
{{- end -}}
{{- end -}}

{{- /* admission-old-api */ -}}
{{- if le $kubeedge 11 -}}
{{- if eq (toJson $admission.enable) "true" -}}
{{- $warnings = append $warnings (list "admission.enable" (printf "the webhook of KubeEdge %s uses an API that Kubernetes 1.22 removed (remove this key, or use KubeEdge 1.12 or newer)" (include "cloudcore.common.host" $values.kubeedgeVersion)) "admission-old-api") -}}
{{- end -}}
{{- end -}}

{{- /* broker-open */ -}}
{{- if or (kindIs "invalid" $mosquitto.enable) (eq (toJson $mosquitto.enable) "true") -}}
{{- if and (not (kindIs "invalid" $mosquitto.address)) (not (has $mosquitto.address (list "127.0.0.1"))) -}}
{{- $warnings = append $warnings (list "mosquitto.address" "everyone who reaches port 1883 of an edge node can read and write without a password (use 127.0.0.1, or set passwords in mosquitto.extraConfig)" "broker-open") -}}
{{- end -}}
{{- end -}}

{{- /* image-tag */ -}}
{{- if not (kindIs "invalid" $values.appVersion) -}}
{{- $warnings = append $warnings (list "appVersion" "has no effect, as in the upstream chart (set kubeedgeVersion)" "image-tag") -}}
{{- end -}}

{{- /* stream-without-rules */ -}}
{{- if and (ge $kubeedge 9) (not (empty $cloudCore_streamCertificate.existingSecret)) (or (kindIs "invalid" $cloudCore_modules_cloudStream.enable) (eq (toJson $cloudCore_modules_cloudStream.enable) "true")) -}}
{{- if eq (toJson $iptablesManager.enable) "false" -}}
{{- $warnings = append $warnings (list "iptablesManager.enable" "is off: without its iptables rules kubectl logs and exec do not reach cloudStream (set it to true, unless you create the rules yourself)" "stream-without-rules") -}}
{{- end -}}
{{- end -}}

{{- /* stream-without-rules */ -}}
{{- if and (ge $kubeedge 9) (not (empty $cloudCore_streamCertificate_certManager.enable)) (or (kindIs "invalid" $cloudCore_modules_cloudStream.enable) (eq (toJson $cloudCore_modules_cloudStream.enable) "true")) -}}
{{- if eq (toJson $iptablesManager.enable) "false" -}}
{{- $warnings = append $warnings (list "iptablesManager.enable" "is off: without its iptables rules kubectl logs and exec do not reach cloudStream (set it to true, unless you create the rules yourself)" "stream-without-rules") -}}
{{- end -}}
{{- end -}}

{{- /* stream-without-rules */ -}}
{{- if and (ge $kubeedge 9) (not (empty $cloudCore_streamCertificate_files.enable)) (or (kindIs "invalid" $cloudCore_modules_cloudStream.enable) (eq (toJson $cloudCore_modules_cloudStream.enable) "true")) -}}
{{- if eq (toJson $iptablesManager.enable) "false" -}}
{{- $warnings = append $warnings (list "iptablesManager.enable" "is off: without its iptables rules kubectl logs and exec do not reach cloudStream (set it to true, unless you create the rules yourself)" "stream-without-rules") -}}
{{- end -}}
{{- end -}}
{{- range $kind, $found := dict "problems" $problems "warnings" $warnings -}}
{{- range $found -}}
{{- $problem := dict "where" $where "key" (index . 0) "says" (index . 1) "code" (index . 2) -}}
{{- $_ := set $site $kind (append (get $site $kind) $problem) -}}
{{- end -}}
{{- end -}}
{{- end -}}
