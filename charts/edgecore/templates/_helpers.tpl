{{/*
  edgecore.fullname ROOT        base of the object names: fullnameOverride or the release name
  edgecore.components ROOT      fill .Values._site for the helpers of common/
*/}}

{{- define "edgecore.fullname" -}}
{{- .Values.fullnameOverride | default .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{- define "edgecore.components" -}}
{{- $_ := set .Values._site "name" "edgecore" -}}
{{- $_ := set .Values._site "version" .Values._site.tag.kubeedge -}}
{{- $_ := set .Values._site "components" (dict
  "edgecore" (dict
    "values" .Values.edgeCore
    "selector" (dict "k8s-app" "kubeedge" "kubeedge" "edgecore"))
  "edgecore-rollout" (dict
    "values" .Values.edgeCore.rollout
    "repository" "busybox"
    "tag" "1.37.0"
    "selector" (dict "k8s-app" "kubeedge" "kubeedge" "edgecore-rollout"))
  "certificate-copy" (dict
    "values" .Values.certificateCopy
    "repository" "busybox"
    "tag" "1.37.0"
    "selector" (dict "k8s-app" "kubeedge" "kubeedge" "certificate-copy"))
) -}}
{{- end -}}
