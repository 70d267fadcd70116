{{/*
Checks that are not generated rules.

  edgecore.fields ROOT          check edgeCore and its node groups against the field table
  edgecore.ofAllGroups ROOT     name no group in a problem that all groups have
  edgecore.groupProblems ROOT   check which nodes belong to a group
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

{{- define "edgecore.groupProblems" -}}
{{- $out := .Values._site -}}
{{- $groups := .Values.edgeCore.nodeGroups | default dict -}}
{{- /* The groups by one of their labels: a group can only be inside another if it has this label too. */ -}}
{{- $index := dict -}}
{{- range $name := keys $groups | sortAlpha -}}
{{- with (index $groups $name | default dict).nodeSelector -}}
{{- $label := keys . | sortAlpha | first -}}
{{- $pair := printf "%s=%v" $label (index . $label) -}}
{{- $_ := set $index $pair (append (get $index $pair | default list) $name) -}}
{{- end -}}
{{- end -}}
{{- range $name := keys $groups | sortAlpha -}}
{{- $selector := (index $groups $name | default dict).nodeSelector | default dict -}}
{{- $key := printf "edgeCore.nodeGroups.%s.nodeSelector" $name -}}
{{- if and $.Values.edgeCore.rollout.enable (not $selector) (ne $name "default") -}}
{{- include "edgecore.common.problem" (dict "out" $out "key" $key "code" "group-selects-nothing" "says"
  "is missing, so the rollout does not know the nodes of this group (set it to labels of the nodes)") -}}
{{- end -}}
{{- range $label, $value := $selector -}}
{{- range $other := get $index (printf "%s=%v" $label $value) | default list -}}
{{- $wider := (index $groups $other).nodeSelector -}}
{{- $all := and (ne $name $other) (or (gt (len $selector) (len $wider)) (lt $name $other)) -}}
{{- range $needed, $text := $wider -}}
{{- if ne (toString (get $selector $needed)) (toString $text) }}{{ $all = false }}{{ end -}}
{{- end -}}
{{- if $all -}}
{{- $says := printf "every node with these labels also belongs to node group %s (add a label that %s does not have)" $other $other -}}
{{- include "edgecore.common.problem" (dict "out" $out "key" $key "code" "groups-overlap" "says" $says) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
