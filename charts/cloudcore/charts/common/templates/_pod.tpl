{{/* Copied from charts/common/ by `generator charts`. */}}
{{/*
Pods. Each helper takes a dict with `root` and `component`, as in _labels.tpl.

  cloudcore.common.image           image reference; `image` is used instead of the image of the component
  cloudcore.common.pullPolicy      image pull policy
  cloudcore.common.podSpec         the values for a pod spec: imagePullSecrets, nodeSelector, affinity,
                         tolerations, topologySpreadConstraints, priorityClassName, securityContext,
                         terminationGracePeriodSeconds; `nodeSelector`, `affinity` and `tolerations` override the values
  cloudcore.common.probes          probes of a container; the defaults of the chart as `startupProbe`, `livenessProbe`,
                         `readinessProbe`. A probe in the values replaces the default, {} removes it
  cloudcore.common.strategy STRATEGY
                         strategy of a Deployment, with all its fields
*/}}

{{- define "cloudcore.common.image" -}}
{{- $facts := get .root.Values._site.components .component -}}
{{- $image := .image | default $facts.values.image | default dict -}}
{{- $registry := .root.Values.images.registry | default "" | trimSuffix "/" -}}
{{- $name := "" -}}
{{- if kindIs "string" $image -}}
{{- $name = $image -}}
{{- /* A string with a registry keeps its registry. */ -}}
{{- if regexMatch "^([^/]*[.:][^/]*|localhost)/" $image }}{{ $registry = "" }}{{ end -}}
{{- else if $image.digest -}}
{{- $name = printf "%s@%s" ($image.repository | default $facts.repository) $image.digest -}}
{{- else -}}
{{- $tag := $image.tag | default $facts.tag | default .root.Values._site.version -}}
{{- $name = printf "%s:%s" ($image.repository | default $facts.repository) $tag -}}
{{- end -}}
{{- list $registry $name | compact | join "/" -}}
{{- end -}}

{{- define "cloudcore.common.pullPolicy" -}}
{{- $image := (get .root.Values._site.components .component).values.image -}}
{{- $own := ternary $image dict (kindIs "map" $image) -}}
{{- $own.pullPolicy | default .root.Values.images.pullPolicy | default "IfNotPresent" -}}
{{- end -}}

{{- define "cloudcore.common.podSpec" -}}
{{- $values := (get .root.Values._site.components .component).values -}}
{{- $spec := dict -}}
{{- $image := ternary $values.image dict (kindIs "map" $values.image) -}}
{{- $secrets := list -}}
{{- range concat (.root.Values.images.pullSecrets | default list) ($image.pullSecrets | default list) -}}
{{- $secrets = append $secrets (ternary . (dict "name" .) (kindIs "map" .)) -}}
{{- end -}}
{{- with uniq $secrets }}{{ $_ := set $spec "imagePullSecrets" . }}{{ end -}}
{{- range $key := list "nodeSelector" "affinity" "tolerations" "priorityClassName" -}}
{{- with get $ $key | default (get $values $key) }}{{ $_ := set $spec $key . }}{{ end -}}
{{- end -}}
{{- /* A constraint without a selector matches no pod and has no effect. */ -}}
{{- with $values.topologySpreadConstraints -}}
{{- $own := dict "matchLabels" (include "cloudcore.common.selector" $ | fromYaml) -}}
{{- $constraints := list -}}
{{- range . }}{{ $constraints = append $constraints (merge (deepCopy .) (dict "labelSelector" $own)) }}{{ end -}}
{{- $_ := set $spec "topologySpreadConstraints" $constraints -}}
{{- end -}}
{{- with $values.podSecurityContext }}{{ $_ := set $spec "securityContext" . }}{{ end -}}
{{- if not (kindIs "invalid" $values.terminationGracePeriodSeconds) -}}
{{- $_ := set $spec "terminationGracePeriodSeconds" (int64 $values.terminationGracePeriodSeconds) -}}
{{- end -}}
{{- with $spec }}{{ toYaml . }}{{ end -}}
{{- end -}}

{{- define "cloudcore.common.probes" -}}
{{- $values := (get .root.Values._site.components .component).values -}}
{{- $probes := dict -}}
{{- range $name := list "startupProbe" "livenessProbe" "readinessProbe" -}}
{{- with ternary (get $ $name) (index $values $name) (kindIs "invalid" (index $values $name)) -}}
{{- $_ := set $probes $name . -}}
{{- end -}}
{{- end -}}
{{- with $probes }}{{ toYaml . }}{{ end -}}
{{- end -}}

{{- define "cloudcore.common.strategy" -}}
{{- /* Fields that the API server sets by default have no owner: Helm 4 would not remove rollingUpdate again,
and the API server rejects it together with Recreate. */ -}}
{{- $strategy := dict "type" "RollingUpdate" -}}
{{- range $name, $value := . }}{{ $_ := set $strategy $name $value }}{{ end -}}
{{- if eq $strategy.type "RollingUpdate" -}}
{{- $rolling := dict "maxSurge" "25%" "maxUnavailable" "25%" -}}
{{- range $name, $value := $strategy.rollingUpdate }}{{ $_ := set $rolling $name $value }}{{ end -}}
{{- $_ := set $strategy "rollingUpdate" $rolling -}}
{{- end -}}
{{- toYaml $strategy -}}
{{- end -}}
