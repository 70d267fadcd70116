{{/* Written by `generator charts` from generator/tables/rules.yaml: what this chart rejects, or warns of.

  cloudcore.rules root values where    append to .Values._site.problems and .warnings what the rules find in
                                    the values; `where` stands before the key in the message
*/}}

{{- define "cloudcore.rules" -}}
{{- $site := .root.Values._site -}}
{{- $values := .values -}}
{{- $where := .where -}}
{{- $problems := list -}}
{{- $warnings := list -}}
{{- $kubeedge := $site.kubeedge | trimPrefix "1." | int -}}
{{- $edgemesh := $site.edgemesh | trimPrefix "1." | int -}}
{{- /* Sections. One that is not a map counts as empty here: the field table rejects it. */ -}}
{{- $number := list "float64" "int" "int64" -}}
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
{{- $cloudCore_modules_cloudHub_advertiseAddress_all := list -}}
{{- range $item0 := ternary $cloudCore_modules_cloudHub.advertiseAddress (list $cloudCore_modules_cloudHub.advertiseAddress) (kindIs "slice" $cloudCore_modules_cloudHub.advertiseAddress) -}}
{{- if not (kindIs "invalid" $item0) }}{{ $cloudCore_modules_cloudHub_advertiseAddress_all = append $cloudCore_modules_cloudHub_advertiseAddress_all $item0 }}{{ end -}}
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
{{- $problems = append $problems (dict "where" $where "key" "profile" "says" (printf "KubeEdge %s cannot serve the endpoint over TLS (use profile plain, or KubeEdge 1.12 or newer)" (include "cloudcore.common.host" $values.kubeedgeVersion)) "code" "tls-needs-1.12") -}}
{{- end -}}
{{- end -}}

{{- /* cloudcore-gate-against-profile */ -}}
{{- if has $values.profile (list "one-way" "one-way-verified" "mtls") -}}
{{- if eq (toJson (ternary false $cloudCore_featureGates.requireAuthorization (kindIs "invalid" $cloudCore_featureGates.requireAuthorization))) "false" -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.featureGates.requireAuthorization" "says" (printf "contradicts profile=%s, which needs it true (remove this key, or use profile plain)" (include "cloudcore.common.host" $values.profile)) "code" "cloudcore-gate-against-profile") -}}
{{- end -}}
{{- end -}}

{{- /* plain-with-cloudcore-gate */ -}}
{{- if has $values.profile (list "plain") -}}
{{- if eq (toJson $cloudCore_featureGates.requireAuthorization) "true" -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.featureGates.requireAuthorization" "says" "contradicts profile=plain, which speaks http (remove this key, or use profile one-way-verified)" "code" "plain-with-cloudcore-gate") -}}
{{- end -}}
{{- end -}}

{{- /* dynamic-controller-against-profile */ -}}
{{- if not (kindIs "invalid" $values.profile) -}}
{{- if eq (toJson (ternary false $cloudCore_modules_dynamicController.enable (kindIs "invalid" $cloudCore_modules_dynamicController.enable))) "false" -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.modules.dynamicController.enable" "says" (printf "contradicts profile=%s; without dynamicController every list of the endpoint is empty after 10 s (remove this key, or unset profile)" (include "cloudcore.common.host" $values.profile)) "code" "dynamic-controller-against-profile") -}}
{{- end -}}
{{- end -}}

{{- /* label-name */ -}}
{{- if and (not (kindIs "invalid" (ternary "" $values.nameOverride (kindIs "invalid" $values.nameOverride)))) (not (regexMatch "^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$" (toString (ternary "" $values.nameOverride (kindIs "invalid" $values.nameOverride))))) -}}
{{- $problems = append $problems (dict "where" $where "key" "nameOverride" "says" (printf "must be a label, at most 63 letters, digits, -, _ and . (got %s)" (include "cloudcore.common.shown" (ternary "" $values.nameOverride (kindIs "invalid" $values.nameOverride)))) "code" "label-name") -}}
{{- end -}}

{{- /* cloud-ports */ -}}
{{- if and (has (kindOf $cloudCore_modules_cloudHub_websocket.port) $number) (lt (float64 $cloudCore_modules_cloudHub_websocket.port) (float64 1)) -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.modules.cloudHub.websocket.port" "says" (printf "must be at least 1 (got %s)" (include "cloudcore.common.shown" $cloudCore_modules_cloudHub_websocket.port)) "code" "cloud-ports") -}}
{{- end -}}

{{- /* cloud-ports */ -}}
{{- if and (has (kindOf $cloudCore_modules_cloudHub_quic.port) $number) (lt (float64 $cloudCore_modules_cloudHub_quic.port) (float64 1)) -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.modules.cloudHub.quic.port" "says" (printf "must be at least 1 (got %s)" (include "cloudcore.common.shown" $cloudCore_modules_cloudHub_quic.port)) "code" "cloud-ports") -}}
{{- end -}}

{{- /* cloud-ports */ -}}
{{- if and (has (kindOf $cloudCore_modules_cloudHub_https.port) $number) (lt (float64 $cloudCore_modules_cloudHub_https.port) (float64 1)) -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.modules.cloudHub.https.port" "says" (printf "must be at least 1 (got %s)" (include "cloudcore.common.shown" $cloudCore_modules_cloudHub_https.port)) "code" "cloud-ports") -}}
{{- end -}}

{{- /* cloud-ports */ -}}
{{- if and (has (kindOf $cloudCore_modules_cloudStream.streamPort) $number) (lt (float64 $cloudCore_modules_cloudStream.streamPort) (float64 1)) -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.modules.cloudStream.streamPort" "says" (printf "must be at least 1 (got %s)" (include "cloudcore.common.shown" $cloudCore_modules_cloudStream.streamPort)) "code" "cloud-ports") -}}
{{- end -}}

{{- /* cloud-ports */ -}}
{{- if and (has (kindOf $cloudCore_modules_cloudStream.tunnelPort) $number) (lt (float64 $cloudCore_modules_cloudStream.tunnelPort) (float64 1)) -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.modules.cloudStream.tunnelPort" "says" (printf "must be at least 1 (got %s)" (include "cloudcore.common.shown" $cloudCore_modules_cloudStream.tunnelPort)) "code" "cloud-ports") -}}
{{- end -}}

{{- /* cloud-ports */ -}}
{{- if and (has (kindOf $cloudCore_modules_router.port) $number) (lt (float64 $cloudCore_modules_router.port) (float64 1)) -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.modules.router.port" "says" (printf "must be at least 1 (got %s)" (include "cloudcore.common.shown" $cloudCore_modules_router.port)) "code" "cloud-ports") -}}
{{- end -}}

{{- /* cloud-ports-high */ -}}
{{- if and (has (kindOf $cloudCore_modules_cloudHub_websocket.port) $number) (gt (float64 $cloudCore_modules_cloudHub_websocket.port) (float64 65535)) -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.modules.cloudHub.websocket.port" "says" (printf "must be at most 65535 (got %s)" (include "cloudcore.common.shown" $cloudCore_modules_cloudHub_websocket.port)) "code" "cloud-ports-high") -}}
{{- end -}}

{{- /* cloud-ports-high */ -}}
{{- if and (has (kindOf $cloudCore_modules_cloudHub_quic.port) $number) (gt (float64 $cloudCore_modules_cloudHub_quic.port) (float64 65535)) -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.modules.cloudHub.quic.port" "says" (printf "must be at most 65535 (got %s)" (include "cloudcore.common.shown" $cloudCore_modules_cloudHub_quic.port)) "code" "cloud-ports-high") -}}
{{- end -}}

{{- /* cloud-ports-high */ -}}
{{- if and (has (kindOf $cloudCore_modules_cloudHub_https.port) $number) (gt (float64 $cloudCore_modules_cloudHub_https.port) (float64 65535)) -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.modules.cloudHub.https.port" "says" (printf "must be at most 65535 (got %s)" (include "cloudcore.common.shown" $cloudCore_modules_cloudHub_https.port)) "code" "cloud-ports-high") -}}
{{- end -}}

{{- /* cloud-ports-high */ -}}
{{- if and (has (kindOf $cloudCore_modules_cloudStream.streamPort) $number) (gt (float64 $cloudCore_modules_cloudStream.streamPort) (float64 65535)) -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.modules.cloudStream.streamPort" "says" (printf "must be at most 65535 (got %s)" (include "cloudcore.common.shown" $cloudCore_modules_cloudStream.streamPort)) "code" "cloud-ports-high") -}}
{{- end -}}

{{- /* cloud-ports-high */ -}}
{{- if and (has (kindOf $cloudCore_modules_cloudStream.tunnelPort) $number) (gt (float64 $cloudCore_modules_cloudStream.tunnelPort) (float64 65535)) -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.modules.cloudStream.tunnelPort" "says" (printf "must be at most 65535 (got %s)" (include "cloudcore.common.shown" $cloudCore_modules_cloudStream.tunnelPort)) "code" "cloud-ports-high") -}}
{{- end -}}

{{- /* cloud-ports-high */ -}}
{{- if and (has (kindOf $cloudCore_modules_router.port) $number) (gt (float64 $cloudCore_modules_router.port) (float64 65535)) -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.modules.router.port" "says" (printf "must be at most 65535 (got %s)" (include "cloudcore.common.shown" $cloudCore_modules_router.port)) "code" "cloud-ports-high") -}}
{{- end -}}

{{- /* cloud-addresses */ -}}
{{- if and (not (kindIs "invalid" (ternary "0.0.0.0" $cloudCore_modules_cloudHub_websocket.address (kindIs "invalid" $cloudCore_modules_cloudHub_websocket.address)))) (not (regexMatch "^[0-9A-Fa-f.:]+$" (toString (ternary "0.0.0.0" $cloudCore_modules_cloudHub_websocket.address (kindIs "invalid" $cloudCore_modules_cloudHub_websocket.address))))) -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.modules.cloudHub.websocket.address" "says" (printf "must be an IP address (got %s)" (include "cloudcore.common.shown" (ternary "0.0.0.0" $cloudCore_modules_cloudHub_websocket.address (kindIs "invalid" $cloudCore_modules_cloudHub_websocket.address)))) "code" "cloud-addresses") -}}
{{- end -}}

{{- /* cloud-addresses */ -}}
{{- if and (not (kindIs "invalid" (ternary "0.0.0.0" $cloudCore_modules_cloudHub_quic.address (kindIs "invalid" $cloudCore_modules_cloudHub_quic.address)))) (not (regexMatch "^[0-9A-Fa-f.:]+$" (toString (ternary "0.0.0.0" $cloudCore_modules_cloudHub_quic.address (kindIs "invalid" $cloudCore_modules_cloudHub_quic.address))))) -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.modules.cloudHub.quic.address" "says" (printf "must be an IP address (got %s)" (include "cloudcore.common.shown" (ternary "0.0.0.0" $cloudCore_modules_cloudHub_quic.address (kindIs "invalid" $cloudCore_modules_cloudHub_quic.address)))) "code" "cloud-addresses") -}}
{{- end -}}

{{- /* advertise-address */ -}}
{{- range $value := $cloudCore_modules_cloudHub_advertiseAddress_all -}}
{{- if and (not (kindIs "invalid" $value)) (not (regexMatch "^[0-9A-Fa-f.:]*[0-9A-Fa-f]$" (toString $value))) -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.modules.cloudHub.advertiseAddress[]" "says" (printf "must be an IP address; names go to cloudCore.modules.cloudHub.dnsNames (got %s)" (include "cloudcore.common.shown" $value)) "code" "advertise-address") -}}
{{- end -}}
{{- end -}}

{{- /* unix-socket */ -}}
{{- if and (not (kindIs "invalid" (ternary "unix://" $cloudCore_modules_cloudHub_unixsocket.address (kindIs "invalid" $cloudCore_modules_cloudHub_unixsocket.address)))) (not (regexMatch "^unix://" (toString (ternary "unix://" $cloudCore_modules_cloudHub_unixsocket.address (kindIs "invalid" $cloudCore_modules_cloudHub_unixsocket.address))))) -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.modules.cloudHub.unixsocket.address" "says" (printf "must begin with unix:// (got %s)" (include "cloudcore.common.shown" (ternary "unix://" $cloudCore_modules_cloudHub_unixsocket.address (kindIs "invalid" $cloudCore_modules_cloudHub_unixsocket.address)))) "code" "unix-socket") -}}
{{- end -}}

{{- /* cloud-durations */ -}}
{{- if and (has (kindOf $cloudCore_modules_cloudHub.tokenRefreshDuration) $number) (lt (float64 $cloudCore_modules_cloudHub.tokenRefreshDuration) (float64 1)) -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.modules.cloudHub.tokenRefreshDuration" "says" (printf "must be more than 0 (got %s)" (include "cloudcore.common.shown" $cloudCore_modules_cloudHub.tokenRefreshDuration)) "code" "cloud-durations") -}}
{{- end -}}

{{- /* cloud-durations */ -}}
{{- if and (has (kindOf $cloudCore_modules_edgeController.nodeUpdateFrequency) $number) (lt (float64 $cloudCore_modules_edgeController.nodeUpdateFrequency) (float64 1)) -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.modules.edgeController.nodeUpdateFrequency" "says" (printf "must be more than 0 (got %s)" (include "cloudcore.common.shown" $cloudCore_modules_edgeController.nodeUpdateFrequency)) "code" "cloud-durations") -}}
{{- end -}}

{{- /* monitor-address */ -}}
{{- if ge $kubeedge 13 -}}
{{- if and (not (kindIs "invalid" (ternary "127.0.0.1:9091" $cloudCore_commonConfig_monitorServer.bindAddress (kindIs "invalid" $cloudCore_commonConfig_monitorServer.bindAddress)))) (not (regexMatch "^([0-9.]+|\\[[0-9A-Fa-f:.]+\\]):[0-9]{1,5}$" (toString (ternary "127.0.0.1:9091" $cloudCore_commonConfig_monitorServer.bindAddress (kindIs "invalid" $cloudCore_commonConfig_monitorServer.bindAddress))))) -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.commonConfig.monitorServer.bindAddress" "says" (printf "must be IP:port (got %s) (for example 127.0.0.1:9091)" (include "cloudcore.common.shown" (ternary "127.0.0.1:9091" $cloudCore_commonConfig_monitorServer.bindAddress (kindIs "invalid" $cloudCore_commonConfig_monitorServer.bindAddress)))) "code" "monitor-address") -}}
{{- end -}}
{{- end -}}

{{- /* broker-address */ -}}
{{- if and (not (kindIs "invalid" (ternary "127.0.0.1" $mosquitto.address (kindIs "invalid" $mosquitto.address)))) (not (regexMatch "^[0-9A-Fa-f.:]+$" (toString (ternary "127.0.0.1" $mosquitto.address (kindIs "invalid" $mosquitto.address))))) -}}
{{- $problems = append $problems (dict "where" $where "key" "mosquitto.address" "says" (printf "must be an IP address (got %s)" (include "cloudcore.common.shown" (ternary "127.0.0.1" $mosquitto.address (kindIs "invalid" $mosquitto.address)))) "code" "broker-address") -}}
{{- end -}}

{{- /* kubeconfig-path */ -}}
{{- if and (not (kindIs "invalid" (ternary "" $cloudCore_kubeAPIConfig.kubeConfig (kindIs "invalid" $cloudCore_kubeAPIConfig.kubeConfig)))) (not (regexMatch "^(/.*)?$" (toString (ternary "" $cloudCore_kubeAPIConfig.kubeConfig (kindIs "invalid" $cloudCore_kubeAPIConfig.kubeConfig))))) -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.kubeAPIConfig.kubeConfig" "says" (printf "must be an absolute path (got %s)" (include "cloudcore.common.shown" (ternary "" $cloudCore_kubeAPIConfig.kubeConfig (kindIs "invalid" $cloudCore_kubeAPIConfig.kubeConfig)))) "code" "kubeconfig-path") -}}
{{- end -}}

{{- /* iptables-mode-field */ -}}
{{- if not (kindIs "invalid" $cloudCore_modules.iptablesManager) -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.modules.iptablesManager" "says" "is written from iptablesManager.enable and iptablesManager.mode (set those, and remove this key)" "code" "iptables-mode-field") -}}
{{- end -}}

{{- /* replicas */ -}}
{{- if eq (toJson (ternary false $cloudCore.existingCA (kindIs "invalid" $cloudCore.existingCA))) "false" -}}
{{- if and (has (kindOf $cloudCore.replicaCount) $number) (gt (float64 $cloudCore.replicaCount) (float64 1)) -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.replicaCount" "says" "several instances race for the certificate authority at first start, and edge nodes are lost (create the secrets casecret and cloudcoresecret beforehand and set cloudCore.existingCA=true, or use 1)" "code" "replicas") -}}
{{- end -}}
{{- end -}}

{{- /* replicas-without-balancer */ -}}
{{- if and (and (not (kindIs "invalid" (ternary "ClusterIP" $cloudCore_service.type (kindIs "invalid" $cloudCore_service.type)))) (not (has (ternary "ClusterIP" $cloudCore_service.type (kindIs "invalid" $cloudCore_service.type)) (list "LoadBalancer")))) (empty $cloudCore.loadBalancerAddress) -}}
{{- if and (has (kindOf $cloudCore.replicaCount) $number) (gt (float64 $cloudCore.replicaCount) (float64 1)) -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.replicaCount" "says" "several instances need a load balancer in front of them (set cloudCore.service.type=LoadBalancer, or cloudCore.loadBalancerAddress to the one there is, or use 1)" "code" "replicas-without-balancer") -}}
{{- end -}}
{{- end -}}

{{- /* stream-without-certificate */ -}}
{{- if and (empty $cloudCore_streamCertificate.existingSecret) (eq (toJson (ternary false $cloudCore_streamCertificate_certManager.enable (kindIs "invalid" $cloudCore_streamCertificate_certManager.enable))) "false") (eq (toJson (ternary false $cloudCore_streamCertificate_files.enable (kindIs "invalid" $cloudCore_streamCertificate_files.enable))) "false") -}}
{{- if eq (toJson $cloudCore_modules_cloudStream.enable) "true" -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.modules.cloudStream.enable" "says" "cloudcore exits without a stream certificate, and a template makes none (set cloudCore.streamCertificate.existingSecret, cloudCore.streamCertificate.certManager.enable=true or cloudCore.streamCertificate.files.enable=true, or leave this key out)" "code" "stream-without-certificate") -}}
{{- end -}}
{{- end -}}

{{- /* stream-certificate-twice */ -}}
{{- if not (empty $cloudCore_streamCertificate.existingSecret) -}}
{{- if eq (toJson $cloudCore_streamCertificate_certManager.enable) "true" -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.streamCertificate.certManager.enable" "says" "contradicts cloudCore.streamCertificate.existingSecret (keep one of the two)" "code" "stream-certificate-twice") -}}
{{- end -}}
{{- end -}}

{{- /* stream-certificate-on-host-and-in-secret */ -}}
{{- if not (empty $cloudCore_streamCertificate.existingSecret) -}}
{{- if eq (toJson $cloudCore_streamCertificate_files.enable) "true" -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.streamCertificate.files.enable" "says" "contradicts cloudCore.streamCertificate.existingSecret (keep one of the two)" "code" "stream-certificate-on-host-and-in-secret") -}}
{{- end -}}
{{- end -}}

{{- /* stream-certificate-on-host-and-from-cert-manager */ -}}
{{- if eq (toJson $cloudCore_streamCertificate_certManager.enable) "true" -}}
{{- if eq (toJson $cloudCore_streamCertificate_files.enable) "true" -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.streamCertificate.files.enable" "says" "contradicts cloudCore.streamCertificate.certManager.enable (keep one of the two)" "code" "stream-certificate-on-host-and-from-cert-manager") -}}
{{- end -}}
{{- end -}}

{{- /* stream-certificate-path */ -}}
{{- if eq (toJson $cloudCore_streamCertificate_files.enable) "true" -}}
{{- if and (not (kindIs "invalid" $cloudCore_streamCertificate_files.ca)) (not (regexMatch "^/" (toString $cloudCore_streamCertificate_files.ca))) -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.streamCertificate.files.ca" "says" (printf "must be an absolute path (got %s)" (include "cloudcore.common.shown" $cloudCore_streamCertificate_files.ca)) "code" "stream-certificate-path") -}}
{{- end -}}
{{- end -}}

{{- /* stream-certificate-path */ -}}
{{- if eq (toJson $cloudCore_streamCertificate_files.enable) "true" -}}
{{- if and (not (kindIs "invalid" $cloudCore_streamCertificate_files.cert)) (not (regexMatch "^/" (toString $cloudCore_streamCertificate_files.cert))) -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.streamCertificate.files.cert" "says" (printf "must be an absolute path (got %s)" (include "cloudcore.common.shown" $cloudCore_streamCertificate_files.cert)) "code" "stream-certificate-path") -}}
{{- end -}}
{{- end -}}

{{- /* stream-certificate-path */ -}}
{{- if eq (toJson $cloudCore_streamCertificate_files.enable) "true" -}}
{{- if and (not (kindIs "invalid" $cloudCore_streamCertificate_files.key)) (not (regexMatch "^/" (toString $cloudCore_streamCertificate_files.key))) -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.streamCertificate.files.key" "says" (printf "must be an absolute path (got %s)" (include "cloudcore.common.shown" $cloudCore_streamCertificate_files.key)) "code" "stream-certificate-path") -}}
{{- end -}}
{{- end -}}

{{- /* issuer */ -}}
{{- if empty $cloudCore_streamCertificate_certManager_issuerRef.name -}}
{{- if eq (toJson $cloudCore_streamCertificate_certManager.enable) "true" -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.streamCertificate.certManager.issuerRef.name" "says" "cert-manager needs the name of the issuer that signs (name an Issuer or ClusterIssuer)" "code" "issuer") -}}
{{- end -}}
{{- end -}}

{{- /* task-manager-without-controller */ -}}
{{- if and (ge $kubeedge 21) (eq (toJson (ternary false $cloudCore_featureGates.disableNodeTaskV1alpha2 (kindIs "invalid" $cloudCore_featureGates.disableNodeTaskV1alpha2))) "false") (eq (toJson (ternary false $controllerManager.enable (kindIs "invalid" $controllerManager.enable))) "false") -}}
{{- if eq (toJson $cloudCore_modules_taskManager.enable) "true" -}}
{{- $problems = append $problems (dict "where" $where "key" "cloudCore.modules.taskManager.enable" "says" "node jobs of v1alpha2 stay untouched without the controller manager (set controllerManager.enable=true)" "code" "task-manager-without-controller") -}}
{{- end -}}
{{- end -}}

{{- /* controller-manager-since */ -}}
{{- if le $kubeedge 10 -}}
{{- if eq (toJson $controllerManager.enable) "true" -}}
{{- $problems = append $problems (dict "where" $where "key" "controllerManager.enable" "says" (printf "KubeEdge %s has no controller manager (remove this key, or use KubeEdge 1.11 or newer)" (include "cloudcore.common.host" $values.kubeedgeVersion)) "code" "controller-manager-since") -}}
{{- end -}}
{{- end -}}

{{- /* iptables-nft-since */ -}}
{{- if and (le $kubeedge 20) (eq (toJson (ternary true $iptablesManager.enable (kindIs "invalid" $iptablesManager.enable))) "true") (has (ternary "external" $iptablesManager.mode (kindIs "invalid" $iptablesManager.mode)) (list "external")) -}}
{{- if has $iptablesManager.framework (list "nft") -}}
{{- $problems = append $problems (dict "where" $where "key" "iptablesManager.framework" "says" (printf "KubeEdge %s has no iptables-manager image for nft (use legacy, or KubeEdge 1.21 or newer)" (include "cloudcore.common.host" $values.kubeedgeVersion)) "code" "iptables-nft-since") -}}
{{- end -}}
{{- end -}}

{{- /* admission-without-certificate */ -}}
{{- if and (empty $admission.certsSecretName) (eq (toJson (ternary false $admission_certManager.enable (kindIs "invalid" $admission_certManager.enable))) "false") -}}
{{- if eq (toJson $admission.enable) "true" -}}
{{- $problems = append $problems (dict "where" $where "key" "admission.enable" "says" "the webhook exits without a certificate, and a template makes none (set admission.certsSecretName or admission.certManager.enable=true)" "code" "admission-without-certificate") -}}
{{- end -}}
{{- end -}}

{{- /* admission-certificate-twice */ -}}
{{- if not (empty $admission.certsSecretName) -}}
{{- if eq (toJson $admission_certManager.enable) "true" -}}
{{- $problems = append $problems (dict "where" $where "key" "admission.certManager.enable" "says" "contradicts admission.certsSecretName (keep one of the two)" "code" "admission-certificate-twice") -}}
{{- end -}}
{{- end -}}

{{- /* admission-issuer */ -}}
{{- if empty $admission_certManager_issuerRef.name -}}
{{- if eq (toJson $admission_certManager.enable) "true" -}}
{{- $problems = append $problems (dict "where" $where "key" "admission.certManager.issuerRef.name" "says" "cert-manager needs the name of the issuer that signs (name an Issuer or ClusterIssuer)" "code" "admission-issuer") -}}
{{- end -}}
{{- end -}}

{{- /* no-advertise-address */ -}}
{{- if empty $cloudCore_modules_cloudHub.advertiseAddress -}}
{{- $warnings = append $warnings (dict "where" $where "key" "cloudCore.modules.cloudHub.advertiseAddress" "says" "cloudcore signs its certificate once, for the address it finds on its host; edge nodes that use another one cannot join (name every address that edge nodes use, before the first start)" "code" "no-advertise-address") -}}
{{- end -}}

{{- /* kubeconfig-authority */ -}}
{{- if and (ge $kubeedge 17) (eq (toJson $cloudCore_featureGates.requireAuthorization) "true") -}}
{{- if not (empty $cloudCore_kubeAPIConfig.kubeConfig) -}}
{{- $warnings = append $warnings (dict "where" $where "key" "cloudCore.kubeAPIConfig.kubeConfig" "says" "edgecore crashes on every node if the authority is written into that file, as kubeadm does (name a file in its certificate-authority, or leave this key out inside the cluster)" "code" "kubeconfig-authority") -}}
{{- end -}}
{{- end -}}

{{- /* rate-overwritten */ -}}
{{- if ge $kubeedge 13 -}}
{{- if not (kindIs "invalid" $cloudCore_kubeAPIConfig.qps) -}}
{{- $warnings = append $warnings (dict "where" $where "key" "cloudCore.kubeAPIConfig.qps" "says" "cloudcore overwrites it with 5 and 10 times nodeLimit (set cloudCore.modules.cloudHub.nodeLimit)" "code" "rate-overwritten") -}}
{{- end -}}
{{- end -}}

{{- /* rate-overwritten */ -}}
{{- if ge $kubeedge 13 -}}
{{- if not (kindIs "invalid" $cloudCore_kubeAPIConfig.burst) -}}
{{- $warnings = append $warnings (dict "where" $where "key" "cloudCore.kubeAPIConfig.burst" "says" "cloudcore overwrites it with 5 and 10 times nodeLimit (set cloudCore.modules.cloudHub.nodeLimit)" "code" "rate-overwritten") -}}
{{- end -}}
{{- end -}}

{{- /* node-port-in-front */ -}}
{{- if eq (toJson $cloudCore.hostNetWork) "false" -}}
{{- if has (ternary "NodePort" $cloudCore_service.type (kindIs "invalid" $cloudCore_service.type)) (list "NodePort") -}}
{{- $warnings = append $warnings (dict "where" $where "key" "cloudCore.service.type" "says" "edge nodes reach cloudcore on the node ports (30000 and on), not on 10000 (set edgeCore.modules.edgeHub.websocket.server and httpServer, or use a LoadBalancer)" "code" "node-port-in-front") -}}
{{- end -}}
{{- end -}}

{{- /* balancer-not-advertised */ -}}
{{- if and (and (not (kindIs "invalid" (ternary list $cloudCore_modules_cloudHub.advertiseAddress (kindIs "invalid" $cloudCore_modules_cloudHub.advertiseAddress)))) (not (has (ternary "" $cloudCore.loadBalancerAddress (has (toString $cloudCore.loadBalancerAddress) (list "" "<nil>"))) (ternary (ternary list $cloudCore_modules_cloudHub.advertiseAddress (kindIs "invalid" $cloudCore_modules_cloudHub.advertiseAddress)) (list (ternary list $cloudCore_modules_cloudHub.advertiseAddress (kindIs "invalid" $cloudCore_modules_cloudHub.advertiseAddress))) (kindIs "slice" (ternary list $cloudCore_modules_cloudHub.advertiseAddress (kindIs "invalid" $cloudCore_modules_cloudHub.advertiseAddress))))))) (and (not (kindIs "invalid" (ternary list $cloudCore_modules_cloudHub.dnsNames (kindIs "invalid" $cloudCore_modules_cloudHub.dnsNames)))) (not (has (ternary "" $cloudCore.loadBalancerAddress (has (toString $cloudCore.loadBalancerAddress) (list "" "<nil>"))) (ternary (ternary list $cloudCore_modules_cloudHub.dnsNames (kindIs "invalid" $cloudCore_modules_cloudHub.dnsNames)) (list (ternary list $cloudCore_modules_cloudHub.dnsNames (kindIs "invalid" $cloudCore_modules_cloudHub.dnsNames))) (kindIs "slice" (ternary list $cloudCore_modules_cloudHub.dnsNames (kindIs "invalid" $cloudCore_modules_cloudHub.dnsNames))))))) -}}
{{- if not (empty $cloudCore.loadBalancerAddress) -}}
{{- $warnings = append $warnings (dict "where" $where "key" "cloudCore.loadBalancerAddress" "says" "is not in cloudcore's certificate, edge nodes cannot join through it (add it to cloudCore.modules.cloudHub.advertiseAddress, or to dnsNames if it is a name)" "code" "balancer-not-advertised") -}}
{{- end -}}
{{- end -}}

{{- /* controller-manager-replicas */ -}}
{{- if eq (toJson $controllerManager.enable) "true" -}}
{{- if and (has (kindOf $controllerManager.replicaCount) $number) (gt (float64 $controllerManager.replicaCount) (float64 1)) -}}
{{- $warnings = append $warnings (dict "where" $where "key" "controllerManager.replicaCount" "says" "the controller manager elects no leader, all instances act at once (use 1)" "code" "controller-manager-replicas") -}}
{{- end -}}
{{- end -}}

{{- /* admission-old-api */ -}}
{{- if le $kubeedge 11 -}}
{{- if eq (toJson $admission.enable) "true" -}}
{{- $warnings = append $warnings (dict "where" $where "key" "admission.enable" "says" (printf "the webhook of KubeEdge %s registers with an API that Kubernetes 1.22 dropped (remove this key, or use KubeEdge 1.12 or newer)" (include "cloudcore.common.host" $values.kubeedgeVersion)) "code" "admission-old-api") -}}
{{- end -}}
{{- end -}}

{{- /* broker-open */ -}}
{{- if eq (toJson (ternary true $mosquitto.enable (kindIs "invalid" $mosquitto.enable))) "true" -}}
{{- if and (not (kindIs "invalid" $mosquitto.address)) (not (has $mosquitto.address (list "127.0.0.1"))) -}}
{{- $warnings = append $warnings (dict "where" $where "key" "mosquitto.address" "says" "whoever reaches port 1883 of an edge node reads and writes without a password (use 127.0.0.1, or set up passwords in mosquitto.extraConfig)" "code" "broker-open") -}}
{{- end -}}
{{- end -}}

{{- /* image-tag */ -}}
{{- if not (kindIs "invalid" $values.appVersion) -}}
{{- $warnings = append $warnings (dict "where" $where "key" "appVersion" "says" "has no effect, it had none in the upstream chart either (set kubeedgeVersion)" "code" "image-tag") -}}
{{- end -}}

{{- /* stream-without-rules */ -}}
{{- if and (ge $kubeedge 9) (not (empty $cloudCore_streamCertificate.existingSecret)) (eq (toJson (ternary true $cloudCore_modules_cloudStream.enable (kindIs "invalid" $cloudCore_modules_cloudStream.enable))) "true") -}}
{{- if eq (toJson $iptablesManager.enable) "false" -}}
{{- $warnings = append $warnings (dict "where" $where "key" "iptablesManager.enable" "says" "nobody writes the iptables rules by which kubectl logs and exec reach cloudStream (set it true, unless you write them yourself)" "code" "stream-without-rules") -}}
{{- end -}}
{{- end -}}

{{- /* stream-without-rules */ -}}
{{- if and (ge $kubeedge 9) (not (empty $cloudCore_streamCertificate_certManager.enable)) (eq (toJson (ternary true $cloudCore_modules_cloudStream.enable (kindIs "invalid" $cloudCore_modules_cloudStream.enable))) "true") -}}
{{- if eq (toJson $iptablesManager.enable) "false" -}}
{{- $warnings = append $warnings (dict "where" $where "key" "iptablesManager.enable" "says" "nobody writes the iptables rules by which kubectl logs and exec reach cloudStream (set it true, unless you write them yourself)" "code" "stream-without-rules") -}}
{{- end -}}
{{- end -}}

{{- /* stream-without-rules */ -}}
{{- if and (ge $kubeedge 9) (not (empty $cloudCore_streamCertificate_files.enable)) (eq (toJson (ternary true $cloudCore_modules_cloudStream.enable (kindIs "invalid" $cloudCore_modules_cloudStream.enable))) "true") -}}
{{- if eq (toJson $iptablesManager.enable) "false" -}}
{{- $warnings = append $warnings (dict "where" $where "key" "iptablesManager.enable" "says" "nobody writes the iptables rules by which kubectl logs and exec reach cloudStream (set it true, unless you write them yourself)" "code" "stream-without-rules") -}}
{{- end -}}
{{- end -}}
{{- $_ := set $site "problems" (concat $site.problems $problems) -}}
{{- $_ := set $site "warnings" (concat $site.warnings $warnings) -}}
{{- end -}}
