{{/*
  edgecore.fullname ROOT        base of the object names: fullnameOverride or the release name
  edgecore.labels ROOT          labels of every object
*/}}

{{- define "edgecore.fullname" -}}
{{- .Values.fullnameOverride | default .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{- define "edgecore.labels" -}}
app.kubernetes.io/name: {{ .Values.nameOverride | default "edgecore" | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/component: edgecore
app.kubernetes.io/part-of: kubeedge
app.kubernetes.io/version: {{ .Values._site.tag.kubeedge | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | quote }}
{{- range $name, $value := .Values.edgeCore.labels }}
{{ $name }}: {{ $value | quote }}
{{- end }}
{{- end -}}
