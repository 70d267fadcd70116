{{/*
  edgemesh.name ROOT, suffix              name of an object: release or fullnameOverride, and suffix
  edgemesh.clusterName ROOT, suffix       name of a cluster-scoped object
  edgemesh.account ROOT, values, suffix   name of the service account of agent or gateway
  edgemesh.selector ROOT, component       labels that select pods; they never change
  edgemesh.labels ROOT, component, labels labels of an object
  edgemesh.podLabels ROOT, component, values
                                          labels of a pod
  edgemesh.image ROOT, image, repository  image reference
  edgemesh.pullPolicy ROOT, image         image pull policy
  edgemesh.pullSecrets ROOT, image        image pull secrets, as a list
  edgemesh.pskSecret ROOT, values, file   secret with the PSK, nothing where the config reads none
  edgemesh.pskSecrets ROOT                every secret with the PSK that a pod mounts, one a line
  edgemesh.pskPath ROOT, file             where the config reads the PSK
  edgemesh.certificates ROOT, values, file
                                          secret with certificates, nothing where none is mounted
  edgemesh.anyAgent ROOT, path, default   "true" if this key is on in the config of some agent
  edgemesh.checksum ROOT, file            hash of what a restart is needed for
  edgemesh.affinity affinity, operator    affinity, narrowed to edge nodes (Exists) or the others
*/}}

{{- define "edgemesh.name" -}}
{{- $base := .root.Values.fullnameOverride | default .root.Release.Name -}}
{{- $name := printf "%s-%s" $base .suffix -}}
{{- if gt (len $name) 63 -}}
{{- $name = printf "%s-%s-%s" ($base | trunc (int (sub 55 (len .suffix)))) (sha256sum $base | trunc 6) .suffix -}}
{{- end -}}
{{- $name -}}
{{- end -}}

{{- define "edgemesh.clusterName" -}}
{{- /* A colon is in no name of a namespace or release, so no two releases share a name. */ -}}
{{- printf "%s:%s" .root.Release.Namespace (include "edgemesh.name" .) -}}
{{- end -}}

{{- define "edgemesh.account" -}}
{{- .values.serviceAccount.name | default (include "edgemesh.name" .) -}}
{{- end -}}

{{- define "edgemesh.selector" -}}
{{- $cloud := hasSuffix "-cloud" .component -}}
k8s-app: {{ ternary "kubeedge-cloud" "kubeedge" $cloud }}
kubeedge: {{ trimSuffix "-cloud" .component }}
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
{{- end -}}

{{- define "edgemesh.labels" -}}
{{- $root := .root -}}
{{- $fixed := include "edgemesh.selector" . | fromYaml -}}
{{- $_ := set $fixed "app.kubernetes.io/name" ($root.Values.nameOverride | default "edgemesh") -}}
{{- $_ := set $fixed "app.kubernetes.io/component" .component -}}
{{- $_ := set $fixed "app.kubernetes.io/part-of" "kubeedge" -}}
{{- $_ := set $fixed "app.kubernetes.io/version" ($root.Values._site.tag.edgemesh | replace "+" "_") -}}
{{- $_ := set $fixed "app.kubernetes.io/managed-by" $root.Release.Service -}}
{{- $_ := set $fixed "helm.sh/chart" (printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_") -}}
{{- toYaml (mergeOverwrite (deepCopy (.labels | default dict)) $fixed) -}}
{{- end -}}

{{- define "edgemesh.podLabels" -}}
{{- $own := mergeOverwrite (deepCopy (.values.labels | default dict)) (.values.podLabels | default dict) -}}
{{- $labels := include "edgemesh.labels" (dict "root" .root "component" .component "labels" $own) | fromYaml -}}
{{- /* A new version of the chart alone restarts no pod. */ -}}
{{- toYaml (omit $labels "helm.sh/chart") -}}
{{- end -}}

{{- define "edgemesh.image" -}}
{{- $registry := trimSuffix "/" (.root.Values.images.registry | default "") -}}
{{- $image := .image | default dict -}}
{{- $name := "" -}}
{{- if kindIs "string" $image -}}
{{- $name = $image -}}
{{- /* A string that names a registry itself keeps it. */ -}}
{{- if regexMatch "^([^/]*[.:][^/]*|localhost)/" $image }}{{ $registry = "" }}{{ end -}}
{{- else -}}
{{- $name = $image.repository | default .repository -}}
{{- if $image.digest -}}
{{- $name = printf "%s@%s" $name $image.digest -}}
{{- else -}}
{{- $name = printf "%s:%s" $name ($image.tag | default .root.Values._site.tag.edgemesh) -}}
{{- end -}}
{{- end -}}
{{- list $registry $name | compact | join "/" -}}
{{- end -}}

{{- define "edgemesh.pullPolicy" -}}
{{- $image := ternary .image dict (kindIs "map" .image) -}}
{{- $image.pullPolicy | default .root.Values.images.pullPolicy | default "IfNotPresent" -}}
{{- end -}}

{{- define "edgemesh.pullSecrets" -}}
{{- $image := ternary .image dict (kindIs "map" .image) -}}
{{- $secrets := list -}}
{{- range concat (.root.Values.images.pullSecrets | default list) ($image.pullSecrets | default list) -}}
{{- $secrets = append $secrets (dict "name" (ternary (get (ternary . dict (kindIs "map" .)) "name") . (kindIs "map" .))) -}}
{{- end -}}
{{- with uniq $secrets }}{{ toYaml . }}{{ end -}}
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
{{- include "edgemesh.site.find" (dict "at" . "path" $path "out" $out) -}}
{{- $on = append $on (first (append $out.found $.default)) -}}
{{- end -}}
{{- end -}}
{{- if has true $on }}true{{ end -}}
{{- end -}}

{{- define "edgemesh.checksum" -}}
{{- $config := deepCopy (index .root.Values._site.configs .file) -}}
{{- /* Relay nodes are the one thing that EdgeMesh reads again by itself. */ -}}
{{- $_ := unset $config.modules.edgeTunnel "relayNodes" -}}
{{- toYaml $config | sha256sum -}}
{{- end -}}

{{- define "edgemesh.affinity" -}}
{{- $affinity := deepCopy (.affinity | default dict) -}}
{{- if .operator -}}
{{- $expression := dict "key" "node-role.kubernetes.io/edge" "operator" .operator -}}
{{- $node := $affinity.nodeAffinity | default dict -}}
{{- $required := $node.requiredDuringSchedulingIgnoredDuringExecution | default dict -}}
{{- /* Terms are alternatives, so each of them is narrowed. */ -}}
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
