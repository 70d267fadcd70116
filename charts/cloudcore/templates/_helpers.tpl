{{/*
What every part of the chart shares. `part` is cloudcore, iptables-manager, controller-manager,
kubeedge-admission or eclipse-mosquitto.

  cloudcore.of root part out                    the values of a part, in out.values
  cloudcore.labels root part                    labels of an object
  cloudcore.selector root part                  what selects the pods of a part; never changes
  cloudcore.metadata root name part             metadata of an object; `cluster` true: without namespace,
                                                `annotations`, `extra` labels
  cloudcore.podMetadata root part               metadata of a pod template; `annotations`
  cloudcore.pod root part spec                  a pod's spec without containers and volumes: `spec`, and what
                                                all workloads can be given
  cloudcore.container root part                 what the containers share; `repository`, `args`
  cloudcore.image root image repository         image reference
  cloudcore.probe probe own                     the user's probe ({} for none), or else the chart's own
  cloudcore.since ROOT, release                 "true" from this KubeEdge release on

A helper with one argument in capitals takes it plain (or as a list); the others take a dict.
*/}}

{{- define "cloudcore.of" -}}
{{- $values := .root.Values -}}
{{- $sections := dict
  "cloudcore" $values.cloudCore
  "iptables-manager" $values.iptablesManager
  "controller-manager" $values.controllerManager
  "kubeedge-admission" $values.admission
  "eclipse-mosquitto" $values.mosquitto -}}
{{- $_ := set .out "values" (get $sections .part) -}}
{{- end -}}

{{- define "cloudcore.labels" -}}
{{- $root := .root -}}{{- $of := dict -}}
{{- include "cloudcore.of" (dict "root" $root "part" .part "out" $of) -}}
{{- $labels := dict
  "app.kubernetes.io/name" ($root.Values.nameOverride | default "cloudcore")
  "app.kubernetes.io/component" .part
  "app.kubernetes.io/part-of" "kubeedge"
  "app.kubernetes.io/version" $root.Values._site.tag.kubeedge
  "app.kubernetes.io/managed-by" $root.Release.Service
  "helm.sh/chart" (printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_") -}}
{{- /* iptables-manager finds cloudcore by kubeedge=cloudcore
(kubeedge v1.23.1 cloud/pkg/cloudstream/iptables/iptables.go:282). */ -}}
{{- $fixed := dict
  "k8s-app" (ternary "kubeedge" .part (eq .part "cloudcore"))
  "kubeedge" .part
  "app.kubernetes.io/instance" $root.Release.Name -}}
{{- toYaml (mergeOverwrite $labels (deepCopy ($of.values.labels | default dict)) $fixed) -}}
{{- end -}}

{{- define "cloudcore.selector" -}}
{{- toYaml (pick (include "cloudcore.labels" . | fromYaml) "k8s-app" "kubeedge" "app.kubernetes.io/instance") -}}
{{- end -}}

{{- define "cloudcore.metadata" -}}
name: {{ .name }}
{{- if not .cluster }}
namespace: {{ .root.Release.Namespace }}
{{- end }}
labels:
  {{- include "cloudcore.labels" . | nindent 2 }}
  {{- range $name, $value := .extra }}
  {{ $name }}: {{ $value | quote }}
  {{- end }}
{{- with .annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "cloudcore.podMetadata" -}}
{{- $of := dict -}}
{{- include "cloudcore.of" (dict "root" .root "part" .part "out" $of) -}}
{{- /* Without the chart's version: a new chart alone restarts nothing. */ -}}
{{- $labels := omit (include "cloudcore.labels" . | fromYaml) "helm.sh/chart" -}}
{{- $fixed := include "cloudcore.selector" . | fromYaml -}}
labels:
  {{- toYaml (mergeOverwrite $labels (deepCopy ($of.values.podLabels | default dict)) $fixed) | nindent 2 }}
{{- with mergeOverwrite (.annotations | default dict) (deepCopy ($of.values.podAnnotations | default dict)) }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "cloudcore.pod" -}}
{{- $of := dict -}}
{{- include "cloudcore.of" (dict "root" .root "part" .part "out" $of) -}}
{{- $workload := $of.values -}}
{{- $spec := .spec -}}
{{- $secrets := list -}}
{{- range concat (.root.Values.images.pullSecrets | default list) ($workload.image.pullSecrets | default list) -}}
{{- $secrets = append $secrets (ternary . (dict "name" .) (kindIs "map" .)) -}}
{{- end -}}
{{- if $secrets }}{{ $_ := set $spec "imagePullSecrets" (uniq $secrets) }}{{ end -}}
{{- range $name := list "affinity" "tolerations" "nodeSelector" "priorityClassName" -}}
{{- with get $workload $name }}{{ $_ := set $spec $name . }}{{ end -}}
{{- end -}}
{{- /* A constraint without a selector matches no pod, and spreads none. */ -}}
{{- $own := dict "matchLabels" (include "cloudcore.selector" . | fromYaml) -}}
{{- range $workload.topologySpreadConstraints -}}
{{- $spread := dict "labelSelector" $own -}}
{{- range $name, $value := . }}{{ $_ := set $spread $name $value }}{{ end -}}
{{- $_ := set $spec "topologySpreadConstraints" (append ($spec.topologySpreadConstraints | default list) $spread) -}}
{{- end -}}
{{- with $workload.podSecurityContext }}{{ $_ := set $spec "securityContext" . }}{{ end -}}
{{- if not (kindIs "invalid" $workload.terminationGracePeriodSeconds) -}}
{{- $_ := set $spec "terminationGracePeriodSeconds" $workload.terminationGracePeriodSeconds -}}
{{- end -}}
{{- toYaml $spec -}}
{{- end -}}

{{- define "cloudcore.image" -}}
{{- $image := .image -}}
{{- $name := list (.root.Values.images.registry | default "" | trimSuffix "/") .repository | compact | join "/" -}}
{{- if $image.digest -}}
{{- printf "%s@%s" $name $image.digest -}}
{{- else -}}
{{- printf "%s:%s" $name ($image.tag | default .root.Values._site.tag.kubeedge) -}}
{{- end -}}
{{- end -}}

{{- define "cloudcore.container" -}}
{{- $of := dict -}}
{{- include "cloudcore.of" (dict "root" .root "part" .part "out" $of) -}}
{{- $workload := $of.values -}}
{{- $image := $workload.image -}}
{{- $repository := .repository | default $image.repository -}}
image: {{ include "cloudcore.image" (dict "root" .root "image" $image "repository" $repository) | quote }}
imagePullPolicy: {{ $image.pullPolicy | default .root.Values.images.pullPolicy | default "IfNotPresent" }}
{{- with concat (.args | default list) ($workload.extraArgs | default list) }}
args:
{{- toYaml . | nindent 0 }}
{{- end }}
{{- with $workload.extraEnv }}
env:
{{- toYaml . | nindent 0 }}
{{- end }}
{{- with $workload.resources }}
resources:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "cloudcore.probe" -}}
{{- with ternary .own .probe (kindIs "invalid" .probe) }}{{ toYaml . }}{{ end -}}
{{- end -}}

{{- define "cloudcore.since" -}}
{{- $out := dict "ok" true -}}
{{- include "cloudcore.site.within" (dict "span" (dict "from" (last .)) "minor" (first .).Values._site.kubeedge "out" $out) -}}
{{- $out.ok -}}
{{- end -}}
