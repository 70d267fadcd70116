{{/*
Checks that are not generated rules.

  edgecore.fields ROOT          check edgeCore and its node groups against the field table
  edgecore.ofAllGroups ROOT     name no group in a problem that all groups have
*/}}

{{- define "edgecore.fields" -}}
{{- $given := omit (.Values.edgeCore | default dict) "nodeGroups" "rollout" "labels" "annotations" -}}
{{- include "edgecore.common.fields" (dict "root" . "component" "edgecore" "value" $given "key" "edgeCore") -}}
{{- range $group, $values := (.Values.edgeCore).nodeGroups -}}
{{- $key := printf "edgeCore.nodeGroups.%s" $group -}}
{{- if not (regexMatch "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" $group) -}}
{{- $says := "must be named with lower case letters, digits and -, at most 63" -}}
{{- include "edgecore.common.problem" (dict "out" $.Values._site "key" $key "says" $says "code" "node-group-name") -}}
{{- end -}}
{{- include "edgecore.common.fields" (dict "root" $ "component" "edgecore" "value" (omit ($values | default dict) "nodeSelector") "key" $key) -}}
{{- end -}}
{{- end -}}

{{- define "edgecore.ofAllGroups" -}}
{{- $groups := len (.Values.edgeCore.nodeGroups | default dict) -}}
{{- if gt $groups 1 -}}
{{- range $kind := list "problems" "warnings" -}}
{{- $found := get $.Values._site $kind -}}
{{- $counts := dict -}}
{{- range $found }}{{ $id := toJson (omit . "where") }}{{ $_ := set $counts $id (get $counts $id | default 0 | add1) }}{{ end -}}
{{- $kept := list -}}
{{- range $found -}}
{{- $common := eq (get $counts (toJson (omit . "where")) | int) $groups -}}
{{- $kept = append $kept (ternary (set (deepCopy .) "where" "") . $common) | uniq -}}
{{- end -}}
{{- $_ := set $.Values._site $kind $kept -}}
{{- end -}}
{{- end -}}
{{- end -}}
