{{/* Copied from charts/common/ by `generator charts`. */}}
{{/*
Labels and metadata. Each helper takes a dict with `root` (the context of the chart) and `component`.
What the helpers know of a component stands in .Values._site.components.COMPONENT:
  values       its section of the values: labels, podLabels, podAnnotations, image, nodeSelector, …
  selector     the labels that select its pods; they never change
  repository   its image if the values name none; `tag` where that is not the tag of the release
.Values._site.name and .Values._site.version are the name and version in the labels.

  edgemesh.common.selector      labels that select the pods of a component
  edgemesh.common.labels        labels of an object; `labels`: more labels from the values
  edgemesh.common.metadata      metadata of an object: `name`, `annotations`, `labels`, `cluster` (true: no namespace)
  edgemesh.common.podMetadata   metadata of a pod template; `annotations`: those of the chart

Labels of the chart win over labels from the values, and annotations of the chart over those.
*/}}

{{- define "edgemesh.common.selector" -}}
{{- $facts := get .root.Values._site.components .component -}}
{{- toYaml (merge (dict "app.kubernetes.io/instance" .root.Release.Name) $facts.selector) -}}
{{- end -}}

{{- define "edgemesh.common.ownLabels" -}}
{{- $root := .root -}}
{{- $facts := get $root.Values._site.components .component -}}
{{- $_ := mergeOverwrite .into $facts.selector (dict
  "app.kubernetes.io/component" .component
  "app.kubernetes.io/instance" $root.Release.Name
  "app.kubernetes.io/managed-by" $root.Release.Service
  "app.kubernetes.io/name" ($root.Values.nameOverride | default $root.Values._site.name)
  "app.kubernetes.io/part-of" "kubeedge"
  "app.kubernetes.io/version" ($root.Values._site.version | replace "+" "_")) -}}
{{- end -}}

{{- define "edgemesh.common.labels" -}}
{{- $site := .root.Values._site -}}
{{- $facts := get $site.components .component -}}
{{- if .labels -}}
{{- include "edgemesh.common.allLabels" . -}}
{{- else -}}
{{- /* Most objects of a component have the same labels. */ -}}
{{- $key := printf "%s %s" .component (get $facts.selector "kubeedge.io/node-group") -}}
{{- if not (hasKey $site.labels $key) }}{{ $_ := set $site.labels $key (include "edgemesh.common.allLabels" .) }}{{ end -}}
{{- get $site.labels $key -}}
{{- end -}}
{{- end -}}

{{- define "edgemesh.common.allLabels" -}}
{{- $facts := get .root.Values._site.components .component -}}
{{- $labels := mergeOverwrite (deepCopy ($facts.values.labels | default dict)) (.labels | default dict) -}}
{{- include "edgemesh.common.ownLabels" (dict "root" .root "component" .component "into" $labels) -}}
{{- $_ := set $labels "helm.sh/chart" (printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_") -}}
{{- toYaml $labels -}}
{{- end -}}

{{- define "edgemesh.common.metadata" -}}
name: {{ .name | quote }}
{{- if not .cluster }}
namespace: {{ .root.Release.Namespace }}
{{- end }}
labels:
  {{- include "edgemesh.common.labels" . | nindent 2 }}
{{- with .annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "edgemesh.common.podMetadata" -}}
{{- $values := (get .root.Values._site.components .component).values -}}
{{- /* Without helm.sh/chart, so that a new chart version alone does not restart pods. */ -}}
{{- $labels := mergeOverwrite (deepCopy ($values.labels | default dict)) (deepCopy ($values.podLabels | default dict)) -}}
{{- include "edgemesh.common.ownLabels" (dict "root" .root "component" .component "into" $labels) -}}
labels:
  {{- toYaml $labels | nindent 2 }}
{{- with mergeOverwrite (deepCopy ($values.podAnnotations | default dict)) (.annotations | default dict) }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
