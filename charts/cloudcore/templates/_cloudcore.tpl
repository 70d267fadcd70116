{{/*
What follows from the finished cloudcore.yaml and decides several objects.

  cloudcore.components ROOT        fill .Values._site for the helpers of common/
  cloudcore.ports ROOT             set .Values._site.ports: {name, port, protocol, nodePort} of each open port
  cloudcore.iptables ROOT          what creates the iptables rules: internal, external or none
  cloudcore.mosquitto ROOT         "true" if the MQTT broker runs
  cloudcore.mosquittoConfig ROOT   its mosquitto.conf
  cloudcore.streamSecret ROOT      Secret with the certificate of cloudStream, if there is one
  cloudcore.streams ROOT           the same, if cloudStream is on
  cloudcore.streamFiles ROOT       "true" if its certificate is in files on the host
  cloudcore.admissionSecret ROOT   Secret with the certificate of the admission webhook
  cloudcore.socketDirectory ROOT   directory of the unix socket
  cloudcore.securityContext ROOT   security context of the cloudcore container
  cloudcore.probes ROOT            its probes: HTTPS requests to the certificate server
  cloudcore.since ROOT, release    "true" from this KubeEdge release on
*/}}

{{- define "cloudcore.components" -}}
{{- $_ := set .Values._site "name" "cloudcore" -}}
{{- $_ := set .Values._site "version" .Values._site.tag.kubeedge -}}
{{- /* iptables-manager finds cloudcore by kubeedge=cloudcore
(kubeedge v1.23.1 cloud/pkg/cloudstream/iptables/iptables.go:282). */ -}}
{{- $_ := set .Values._site "components" (dict
  "cloudcore" (dict
    "values" .Values.cloudCore
    "repository" "kubeedge/cloudcore"
    "selector" (dict "k8s-app" "kubeedge" "kubeedge" "cloudcore"))
  "iptables-manager" (dict
    "values" .Values.iptablesManager
    "repository" "kubeedge/iptables-manager"
    "selector" (dict "k8s-app" "iptables-manager" "kubeedge" "iptables-manager"))
  "controller-manager" (dict
    "values" .Values.controllerManager
    "repository" "kubeedge/controller-manager"
    "selector" (dict "k8s-app" "controller-manager" "kubeedge" "controller-manager"))
  "kubeedge-admission" (dict
    "values" .Values.admission
    "repository" "kubeedge/admission"
    "selector" (dict "k8s-app" "kubeedge-admission" "kubeedge" "kubeedge-admission"))
  "eclipse-mosquitto" (dict
    "values" .Values.mosquitto
    "repository" "eclipse-mosquitto"
    "tag" "2.0.22"
    "selector" (dict "k8s-app" "eclipse-mosquitto" "kubeedge" "eclipse-mosquitto"))
  "cloudcore-test" (dict
    "values" (dict "image" .Values.tests.image)
    "selector" (dict "k8s-app" "cloudcore-test" "kubeedge" "cloudcore-test"))
) -}}
{{- end -}}

{{- define "cloudcore.since" -}}
{{- ge ((first .).Values._site.kubeedge | trimPrefix "1." | int) (last . | trimPrefix "1." | int) -}}
{{- end -}}


{{- define "cloudcore.ports" -}}
{{- $config := index .Values._site.configs "cloudcore.yaml" -}}
{{- $hub := $config.modules.cloudHub | default dict -}}
{{- $stream := $config.modules.cloudStream | default dict -}}
{{- $service := .Values.cloudCore.service -}}
{{- $ports := list -}}
{{- /* name, section, key of the port, its default, protocol, key of the node port, on by default */ -}}
{{- $open := ne (toString $hub.enable) "false" -}}
{{- range $row := list
  (list "cloudhub" $hub.websocket "port" 10000 "TCP" "cloudhubNodePort" $open)
  (list "cloudhub-quic" $hub.quic "port" 10001 "UDP" "cloudhubQuicNodePort" false)
  (list "cloudhub-https" $hub.https "port" 10002 "TCP" "cloudhubHttpsNodePort" $open)
  (list "cloudstream" $stream "streamPort" 10003 "TCP" "cloudstreamNodePort" false)
  (list "tunnelport" $stream "tunnelPort" 10004 "TCP" "tunnelNodePort" false)
  (list "router" $config.modules.router "port" 9443 "TCP" "routerNodePort" false) -}}
{{- $module := index $row 1 | default dict -}}
{{- $on := ternary (last $row) $module.enable (kindIs "invalid" $module.enable) -}}
{{- if and $on (or $open (not (hasPrefix "cloudhub" (first $row)))) -}}
{{- $port := int64 (get $module (index $row 2) | default (index $row 3)) -}}
{{- $nodePort := int64 (get $service (index $row 5)) -}}
{{- $ports = append $ports (dict "name" (first $row) "port" $port "protocol" (index $row 4) "nodePort" $nodePort) -}}
{{- end -}}
{{- end -}}
{{- $metrics := (($config.commonConfig).monitorServer).bindAddress | default "127.0.0.1:9091" -}}
{{- if not (hasPrefix "127." $metrics) -}}
{{- $port := splitList ":" $metrics | last | int64 -}}
{{- $ports = append $ports (dict "name" "metrics" "port" $port "protocol" "TCP" "nodePort" 0) -}}
{{- end -}}
{{- $_ := set .Values._site "ports" $ports -}}
{{- end -}}

{{- define "cloudcore.iptables" -}}
{{- /* Up to 1.8 cloudcore always creates the rules (kubeedge v1.8.2 cloud/cmd/cloudcore/app/server.go:85). */ -}}
{{- if ne (include "cloudcore.since" (list . "1.9")) "true" }}internal
{{- else if .Values.iptablesManager.enable }}{{ .Values.iptablesManager.mode }}
{{- else }}none{{ end -}}
{{- end -}}

{{- define "cloudcore.mosquitto" -}}
{{- $wanted := .Values.mosquitto.enable -}}
{{- /* Up to 1.15 keadm join runs a broker on the node. */ -}}
{{- if kindIs "invalid" $wanted }}{{ include "cloudcore.since" (list . "1.16") }}{{ else }}{{ $wanted }}{{ end -}}
{{- end -}}

{{- define "cloudcore.streamSecret" -}}
{{- $stream := .Values.cloudCore.streamCertificate -}}
{{- if $stream.certManager.enable }}cloudcore-stream{{ else }}{{ $stream.existingSecret | default "" }}{{ end -}}
{{- end -}}

{{- define "cloudcore.admissionSecret" -}}
{{- if .Values.admission.certManager.enable }}kubeedge-admission{{ else }}{{ .Values.admission.certsSecretName | default "" }}{{ end -}}
{{- end -}}

{{- define "cloudcore.socketDirectory" -}}
{{- $hub := (index .Values._site.configs "cloudcore.yaml").modules.cloudHub | default dict -}}
{{- ($hub.unixsocket).address | default "unix:///var/lib/kubeedge/kubeedge.sock" | trimPrefix "unix://" | dir -}}
{{- end -}}

{{- define "cloudcore.securityContext" -}}
{{- $user := deepCopy .Values.cloudCore.securityContext -}}
{{- $internal := eq (include "cloudcore.iptables" .) "internal" -}}
{{- $adds := ternary (list "NET_ADMIN" "NET_RAW") list $internal -}}
{{- range .Values._site.ports -}}
{{- if lt (int64 .port) 1024 }}{{ $adds = append $adds "NET_BIND_SERVICE" | uniq }}{{ end -}}
{{- end -}}
{{- $capabilities := dict "drop" (list "ALL") -}}
{{- if $adds }}{{ $_ := set $capabilities "add" $adds }}{{ end -}}
{{- /* iptables locks a file under /run; else cloudcore writes nothing but its socket. */ -}}
{{- $own := dict
  "allowPrivilegeEscalation" false
  "capabilities" $capabilities
  "readOnlyRootFilesystem" (not $internal)
  "seccompProfile" (dict "type" "RuntimeDefault") -}}
{{- if $user.privileged }}{{ $own = dict }}{{ end -}}
{{- toYaml (mergeOverwrite $own $user) -}}
{{- end -}}

{{- define "cloudcore.probes" -}}
{{- $hub := (index .Values._site.configs "cloudcore.yaml").modules.cloudHub | default dict -}}
{{- $probes := dict -}}
{{- /* The server always runs, even if https.enable is false (kubeedge v1.23.1 cloud/pkg/cloudhub/cloudhub.go:125). */ -}}
{{- if ne (toString $hub.enable) "false" -}}
{{- $get := dict "path" "/ca.crt" "port" (int64 (($hub.https).port | default 10002)) "scheme" "HTTPS" -}}
{{- $address := ($hub.https).address | default "0.0.0.0" -}}
{{- if ne $address "0.0.0.0" }}{{ $_ := set $get "host" $address }}{{ end -}}
{{- /* cloudcore waits up to 10 s at start, then for its caches. */ -}}
{{- $probes = dict
  "startupProbe" (dict "httpGet" $get "periodSeconds" 5 "failureThreshold" 60)
  "livenessProbe" (dict "httpGet" $get "periodSeconds" 20 "timeoutSeconds" 5 "failureThreshold" 6)
  "readinessProbe" (dict "httpGet" $get "periodSeconds" 10 "timeoutSeconds" 5) -}}
{{- end -}}
{{- include "cloudcore.common.probes" (merge $probes (dict "root" . "component" "cloudcore")) -}}
{{- end -}}

{{- define "cloudcore.streams" -}}
{{- $config := index .Values._site.configs "cloudcore.yaml" -}}
{{- if $config.modules.cloudStream.enable }}{{ include "cloudcore.streamSecret" . }}{{ end -}}
{{- end -}}

{{- define "cloudcore.streamFiles" -}}
{{- $config := index .Values._site.configs "cloudcore.yaml" -}}
{{- if and $config.modules.cloudStream.enable .Values.cloudCore.streamCertificate.files.enable }}true{{ end -}}
{{- end -}}

{{- define "cloudcore.mosquittoConfig" -}}
# edgecore's eventBus connects from the same node; on every interface anybody could.
listener 1883 {{ .Values.mosquitto.address }}
allow_anonymous true
persistence true
persistence_location /mosquitto/data/
log_dest stdout
{{- with .Values.mosquitto.extraConfig }}
{{ trim . }}
{{- end }}
{{- end -}}
