{{/*
  edgemesh.components ROOT                fill .Values._site for the helpers of common/
  edgemesh.agents ROOT                    components of the agents that run, one a line
  edgemesh.name ROOT, suffix              name of an object: release or fullnameOverride, and suffix
  edgemesh.clusterName ROOT, suffix       name of a cluster-scoped object
  edgemesh.account ROOT, values, suffix   name of the ServiceAccount of agent or gateway
  edgemesh.pskSecret ROOT, values, file   Secret with the PSK, empty if the config reads none
  edgemesh.pskSecrets ROOT                every Secret with the PSK that a pod mounts, one a line
  edgemesh.pskPath ROOT, file             path of the PSK file
  edgemesh.certificates ROOT, values, file
                                          Secret with certificates, empty if none is mounted
  edgemesh.certificateFiles ROOT, secret  the files of that Secret, as a volume
  edgemesh.anyAgent ROOT, path, default   "true" if this key is on in the config of some agent
  edgemesh.checksums ROOT, values, file   annotations that restart the pods after a change
  edgemesh.affinity affinity, operator    affinity, restricted to edge nodes (Exists) or other nodes
*/}}

{{- define "edgemesh.components" -}}
{{- $_ := set .Values._site "name" "edgemesh" -}}
{{- $_ := set .Values._site "version" .Values._site.tag.edgemesh -}}
{{- $_ := set .Values._site "components" (dict
  "edgemesh-agent" (dict
    "values" .Values.agent
    "repository" "kubeedge/edgemesh-agent"
    "selector" (dict "k8s-app" "kubeedge" "kubeedge" "edgemesh-agent"))
  "edgemesh-agent-cloud" (dict
    "values" .Values.agent
    "repository" "kubeedge/edgemesh-agent"
    "selector" (dict "k8s-app" "kubeedge-cloud" "kubeedge" "edgemesh-agent"))
  "edgemesh-gateway" (dict
    "values" .Values.gateway
    "repository" "kubeedge/edgemesh-gateway"
    "selector" (dict "k8s-app" "kubeedge" "kubeedge" "edgemesh-gateway"))
  "edgemesh-crds" (dict
    "values" dict
    "selector" (dict "k8s-app" "kubeedge" "kubeedge" "edgemesh-crds"))
  "edgemesh-test" (dict
    "values" (dict "image" .Values.tests.image)
    "selector" (dict "k8s-app" "kubeedge" "kubeedge" "edgemesh-test"))
) -}}
{{- end -}}

{{- define "edgemesh.agents" -}}
{{- if .Values.agent.enable }}edgemesh-agent
{{- if .Values.agent.cloudNodes }}{{ "\n" }}edgemesh-agent-cloud{{ end -}}
{{- end -}}
{{- end -}}


{{- define "edgemesh.name" -}}
{{- $base := .root.Values.fullnameOverride | default .root.Release.Name -}}
{{- $name := printf "%s-%s" $base .suffix -}}
{{- if gt (len $name) 63 -}}
{{- $name = printf "%s-%s-%s" ($base | trunc (int (sub 55 (len .suffix)))) (sha256sum $base | trunc 6) .suffix -}}
{{- end -}}
{{- $name -}}
{{- end -}}

{{- define "edgemesh.clusterName" -}}
{{- /* Names of namespaces and releases contain no colon, so each release has its own name. */ -}}
{{- printf "%s:%s" .root.Release.Namespace (include "edgemesh.name" .) -}}
{{- end -}}

{{- define "edgemesh.account" -}}
{{- .values.serviceAccount.name | default (include "edgemesh.name" .) -}}
{{- end -}}

{{- define "edgemesh.pskSecret" -}}
{{- $tunnel := (index .root.Values._site.configs .file).modules.edgeTunnel -}}
{{- $psk := $tunnel.psk | default dict -}}
{{- if and $tunnel.enable (ternary $psk.enable true (hasKey $psk "enable")) -}}
{{- $agent := .root.Values.agent -}}
{{- if .values.psk -}}
{{- include "edgemesh.name" (dict "root" .root "suffix" (ternary "gateway-psk" "agent-psk" (eq .file "edgemesh-gateway.yaml"))) -}}
{{- else if .values.pskSecret -}}
{{- .values.pskSecret -}}
{{- else if $agent.psk -}}
{{- include "edgemesh.name" (dict "root" .root "suffix" "agent-psk") -}}
{{- else -}}
{{- $agent.pskSecret | default (include "edgemesh.name" (dict "root" .root "suffix" "psk")) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "edgemesh.pskSecrets" -}}
{{- $found := list -}}
{{- range $file, $config := .Values._site.configs -}}
{{- $part := ternary "gateway" "agent" (eq $file "edgemesh-gateway.yaml") -}}
{{- $values := index $.Values $part -}}
{{- if $values.enable -}}
{{- $found = append $found (include "edgemesh.pskSecret" (dict "root" $ "values" $values "file" $file)) -}}
{{- end -}}
{{- end -}}
{{- $found | compact | uniq | join "\n" -}}
{{- end -}}

{{- define "edgemesh.pskPath" -}}
{{- $tunnel := (index .root.Values._site.configs .file).modules.edgeTunnel -}}
{{- ($tunnel.psk | default dict).path | default "/etc/edgemesh/psk" -}}
{{- end -}}

{{- define "edgemesh.certificates" -}}
{{- $api := (index .root.Values._site.configs .file).kubeAPIConfig | default dict -}}
{{- if (($api.metaServer | default dict).security | default dict).requireAuthorization -}}
{{- .values.metaServerSecret | default .root.Values.agent.metaServerSecret | default "" -}}
{{- end -}}
{{- end -}}

{{- define "edgemesh.anyAgent" -}}
{{- $root := .root -}}{{- $path := splitList "." .path -}}
{{- $on := list -}}
{{- range $file := list "edgemesh-agent.yaml" "edgemesh-agent-cloud.yaml" -}}
{{- $out := dict "found" list -}}
{{- with get $root.Values._site.configs $file -}}
{{- include "edgemesh.common.find" (dict "at" . "path" $path "out" $out) -}}
{{- $on = append $on (first (append $out.found $.default)) -}}
{{- end -}}
{{- end -}}
{{- if has true $on }}true{{ end -}}
{{- end -}}

{{- define "edgemesh.checksums" -}}
{{- $config := deepCopy (index .root.Values._site.configs .file) -}}
{{- /* EdgeMesh reloads only relay nodes by itself. */ -}}
{{- $_ := unset $config.modules.edgeTunnel "relayNodes" -}}
checksum/config: {{ toYaml $config | sha256sum }}
{{- $psk := .values.psk | default .root.Values.agent.psk }}
{{- if and $psk (not .values.pskSecret) (include "edgemesh.pskSecret" .) }}
{{- /* The network's key is the sha256 of the PSK itself (edgemesh v1.17 pkg/tunnel/util.go), which
must not stand here; with other text before it the hash gives nothing away. */}}
checksum/psk: {{ printf "psk of release %s in %s: %s." .root.Release.Name .root.Release.Namespace (trim $psk) | sha256sum }}
{{- end }}
{{- end -}}

{{- define "edgemesh.certificateFiles" -}}
secretName: {{ .secret | quote }}
defaultMode: 256
{{- if and .root.Values.metaServer.clientCertificate.certManager.enable (eq .secret (toString .root.Values.agent.metaServerSecret)) }}
{{- /* cert-manager uses other names for the files. */}}
items:
- key: ca.crt
  path: rootCA.crt
- key: tls.crt
  path: server.crt
- key: tls.key
  path: server.key
{{- end }}
{{- end -}}

{{- define "edgemesh.affinity" -}}
{{- $affinity := deepCopy (.affinity | default dict) -}}
{{- if .operator -}}
{{- $expression := dict "key" "node-role.kubernetes.io/edge" "operator" .operator -}}
{{- $node := $affinity.nodeAffinity | default dict -}}
{{- $required := $node.requiredDuringSchedulingIgnoredDuringExecution | default dict -}}
{{- /* Terms are alternatives, so each of them is restricted. */ -}}
{{- $terms := list -}}
{{- range $required.nodeSelectorTerms | default (list dict) -}}
{{- $term := deepCopy . -}}
{{- $terms = append $terms (set $term "matchExpressions" (append ($term.matchExpressions | default list) $expression)) -}}
{{- end -}}
{{- $_ := set $node "requiredDuringSchedulingIgnoredDuringExecution" (set $required "nodeSelectorTerms" $terms) -}}
{{- $_ := set $affinity "nodeAffinity" $node -}}
{{- end -}}
{{- with $affinity }}{{ toYaml . }}{{ end -}}
{{- end -}}
