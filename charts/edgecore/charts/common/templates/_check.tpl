{{/* Copied from charts/common/ by `generator charts`. */}}
{{/*
The check against the field table, which has all keys that a program reads.

  edgecore.common.fields ROOT, component, value, key
                                    check a part of the values against the field table of the release
  edgecore.common.check value field key out  check a value against a field of the table
*/}}

{{- define "edgecore.common.fields" -}}
{{- $site := .root.Values._site -}}
{{- $minor := ternary $site.edgemesh $site.kubeedge (hasPrefix "edgemesh" .component) -}}
{{- if not (hasKey $site.fields .component) -}}
{{- $_ := set $site.fields .component (.root.Files.Get (printf "files/fields/%s-%s.json" .component $minor) | fromJson) -}}
{{- end -}}
{{- include "edgecore.common.check" (dict "value" .value "field" (get $site.fields .component) "key" .key "out" $site) -}}
{{- end -}}

{{- define "edgecore.common.check" -}}
{{- $value := .value -}}{{- $field := .field -}}{{- $key := .key -}}{{- $out := .out -}}
{{- $types := concat (list $field.type) ($field.also | default list) -}}
{{- $number := or (kindIs "float64" $value) (kindIs "int64" $value) (kindIs "int" $value) -}}
{{- /* A JSON number is exact up to 2^53. */ -}}
{{- $whole := and $number (eq (float64 $value) (floor $value)) (le (float64 $value) 9007199254740992.0) (ge (float64 $value) -9007199254740992.0) -}}
{{- if kindIs "invalid" $value -}}
{{- include "edgecore.common.problem" (dict "out" $out "key" $key "code" "null-section" "says" "null crashes the program (remove the key)") -}}
{{- else if and $field.unused (not (has (toJson $value) (list "[]" "{}" "\"\""))) -}}
{{- $says := printf "this release reads this key but never uses it (move it to %s)" $field.unused -}}
{{- include "edgecore.common.problem" (dict "out" $out "key" $key "code" "unused-key" "says" $says) -}}
{{- else if and (has "object" $types) (kindIs "map" $value) -}}
{{- range $name := keys $value | sortAlpha -}}
{{- $child := get ($field.fields | default dict) $name | default $field.values -}}
{{- if $child -}}
{{- include "edgecore.common.check" (dict "value" (index $value $name) "field" $child "key" (printf "%s.%s" $key $name) "out" $out) -}}
{{- else if ne (toJson (index $value $name)) "{}" -}}
{{- $known := keys ($field.fields | default dict) | sortAlpha -}}
{{- $way := ternary (printf " (it reads %s)" (join ", " $known)) "" (le (len $known) 12) -}}
{{- include "edgecore.common.problem" (dict "out" $out "key" (printf "%s.%s" $key $name) "code" "unknown-key" "says" (printf "not read by this release%s" $way)) -}}
{{- end -}}
{{- end -}}
{{- else if and (has "array" $types) (kindIs "slice" $value) -}}
{{- range $at, $item := $value -}}
{{- include "edgecore.common.check" (dict "value" $item "field" $field.items "key" (printf "%s[%d]" $key $at) "out" $out) -}}
{{- end -}}
{{- else if or (and (has "string" $types) (kindIs "string" $value)) (and (has "boolean" $types) (kindIs "bool" $value)) (and (has "number" $types) $number) -}}
{{- if and $field.enum (not (has $value $field.enum)) -}}
{{- include "edgecore.common.problem" (dict "out" $out "key" $key "code" "not-one-of" "says" (printf "must be one of %s" (join ", " $field.enum))) -}}
{{- end -}}
{{- else if and (has "integer" $types) $whole -}}
{{- if $field.bounds -}}
{{- if or (lt (float64 $value) (float64 (first $field.bounds))) (gt (float64 $value) (float64 (last $field.bounds))) -}}
{{- include "edgecore.common.problem" (dict "out" $out "key" $key "code" "out-of-range" "says" (printf "must be from %.0f to %.0f" (first $field.bounds) (last $field.bounds))) -}}
{{- end -}}
{{- end -}}
{{- else if and (has "duration" $types) (kindIs "string" $value) -}}
{{- if not (regexMatch "^[-+]?([0-9]+(\\.[0-9]*)?(ns|us|µs|ms|s|m|h))+$|^0$" $value) -}}
{{- include "edgecore.common.problem" (dict "out" $out "key" $key "code" "wrong-type" "says" "must be a duration such as 10s") -}}
{{- end -}}
{{- else -}}
{{- include "edgecore.common.problem" (dict "out" $out "key" $key "code" "wrong-type" "says" (printf "must be of type %s" (join " or " $types))) -}}
{{- end -}}
{{- end -}}
