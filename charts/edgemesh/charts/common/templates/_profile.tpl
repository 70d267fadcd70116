{{/* Copied from charts/common/ by `generator charts`. */}}
{{/*
Completes the values. The generator has done this already when it renders with complete values.

  edgemesh.common.shapes ROOT                accept the odd value types of upstream (files/shapes.json)
  edgemesh.common.profile ROOT               merge the user's keys over the profile (files/profiles/) and over what
                                    streams.enable sets (files/streams.json)
  edgemesh.common.fill entry values out      fill the references in the value of an entry from the values; out.value, or
                                    out.missing
  edgemesh.common.hostOf ADDRESS             the host of a URL, of host:port, or of a host alone
  edgemesh.common.groups values entry preset
                                    add an entry for each node group that sets the key in its `groups`
  edgemesh.common.under root base            merge the values over a base
*/}}

{{- define "edgemesh.common.shapes" -}}
{{- $kinds := dict "boolean" "string" "integer" "string" "unquote" "string" "compact" "slice" "list" "map" -}}
{{- range $shape, $paths := .Files.Get "files/shapes.json" | fromJson -}}
{{- $kind := get $kinds $shape -}}
{{- range $path := $paths -}}
{{- /* The same as common.find; a call for each key takes longer. */ -}}
{{- $value := $.Values -}}
{{- range $name := $path }}{{ $value = index (ternary $value dict (kindIs "map" $value)) $name }}{{ end -}}
{{- if kindIs $kind $value -}}
{{- $new := $value -}}
{{- if eq $shape "boolean" -}}
{{- if has $value (list "true" "false") }}{{ $new = eq $value "true" }}{{ end -}}
{{- else if eq $shape "integer" -}}
{{- if regexMatch "^(0|[1-9][0-9]{0,14})$" $value }}{{ $new = int64 $value }}{{ end -}}
{{- else if eq $shape "unquote" -}}
{{- if eq $value "\"\"" }}{{ $new = "" }}{{ end -}}
{{- else if eq $shape "compact" -}}
{{- $new = without $value "" -}}
{{- else if not $value -}}
{{- $new = list -}}
{{- end -}}
{{- include "edgemesh.common.put" (dict "at" $.Values "path" $path "value" $new) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "edgemesh.common.profile" -}}
{{- $site := .Values._site -}}
{{- /* Profiles and rules refer to keys of other charts; their defaults are in files/site.json. */ -}}
{{- include "edgemesh.common.under" (dict "root" . "base" (.Files.Get "files/site.json" | fromJson)) -}}
{{- $tables := list (.Files.Get (printf "files/profiles/%s.json" (.Values.profile | default "unset")) | fromJson) -}}
{{- $streams := (.Values.streams | default dict).enable -}}
{{- if kindIs "bool" $streams -}}
{{- $tables = append $tables (get (.Files.Get "files/streams.json" | fromJson) (ternary "on" "off" $streams)) -}}
{{- end -}}
{{- $minors := dict -}}
{{- range $program := list "kubeedge" "edgemesh" }}{{ $_ := set $minors $program (trimPrefix "1." (get $site $program) | float64) }}{{ end -}}
{{- $preset := dict -}}
{{- range $table := $tables -}}
{{- $preset = mergeOverwrite $preset $table.set -}}
{{- range $entry := $table.entries -}}
{{- $applies := true -}}
{{- range $program, $minor := $minors -}}
{{- with get $entry $program }}{{ $applies = and $applies (ge $minor (first .)) (le $minor (last .)) }}{{ end -}}
{{- end -}}
{{- if $applies -}}
{{- $out := dict "value" $entry.value "missing" false -}}
{{- if $entry.of }}{{ include "edgemesh.common.fill" (dict "entry" $entry "values" $.Values "out" $out) }}{{ end -}}
{{- if not $out.missing }}{{ include "edgemesh.common.put" (dict "at" $preset "path" $entry.path "value" $out.value) }}{{ end -}}
{{- if $entry.groups }}{{ include "edgemesh.common.groups" (dict "values" $.Values "entry" $entry "preset" $preset) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- include "edgemesh.common.under" (dict "root" . "base" $preset) -}}
{{- end -}}

{{- define "edgemesh.common.fill" -}}
{{- $entry := .entry -}}{{- $values := .values -}}{{- $out := .out -}}
{{- range $of := $entry.of -}}
{{- $found := dict "found" list -}}
{{- include "edgemesh.common.find" (dict "at" $values "path" $of.path "out" $found) -}}
{{- $value := first (append $found.found "") -}}
{{- $text := toString $value -}}
{{- if and $of.host $text }}{{ $text = include "edgemesh.common.hostOf" $text }}{{ end -}}
{{- if not $text -}}
{{- $_ := set $out "missing" true -}}
{{- else if $entry.whole -}}
{{- $_ := set $out "value" $value -}}
{{- else -}}
{{- if and (contains ":" $text) (not (hasPrefix "[" $text)) }}{{ $text = printf "[%s]" $text }}{{ end -}}
{{- $_ := set $out "value" (replace $of.mark $text $out.value) -}}
{{- end -}}
{{- end -}}
{{- if $entry.list }}{{ $_ := set $out "value" (list $out.value) }}{{ end -}}
{{- end -}}

{{- define "edgemesh.common.hostOf" -}}
{{- $text := regexReplaceAll "^[a-z]+://" (toString .) "" -}}
{{- $text = regexReplaceAll "^(\\[.*\\]|[^:]*):[0-9]+/?$" $text "${1}" | trimAll "[]" | lower -}}
{{- ternary "127.0.0.1" $text (eq $text "localhost") -}}
{{- end -}}

{{- define "edgemesh.common.groups" -}}
{{- $entry := .entry -}}{{- $preset := .preset -}}{{- $values := .values -}}
{{- $hand := dict "found" list -}}
{{- include "edgemesh.common.find" (dict "at" $values "path" $entry.path "out" $hand) -}}
{{- $groups := ($values.edgeCore).nodeGroups -}}
{{- range $name, $own := ternary $groups dict (and (kindIs "map" $groups) (empty $hand.found)) -}}
{{- $view := set (omit $values "edgeCore") "edgeCore" $own -}}
{{- $given := dict "found" list -}}
{{- include "edgemesh.common.find" (dict "at" $view "path" $entry.groups "out" $given) -}}
{{- $out := dict "value" $entry.value "missing" false -}}
{{- include "edgemesh.common.fill" (dict "entry" $entry "values" $view "out" $out) -}}
{{- $path := concat (list "edgeCore" "nodeGroups" $name) (rest $entry.path) -}}
{{- if and $given.found (not $out.missing) }}{{ include "edgemesh.common.put" (dict "at" $preset "path" $path "value" $out.value) }}{{ end -}}
{{- end -}}
{{- end -}}

{{- define "edgemesh.common.under" -}}
{{- $root := .root -}}
{{- range $key, $value := mergeOverwrite .base (omit $root.Values "_site" "global") -}}
{{- $_ := set $root.Values $key $value -}}
{{- end -}}
{{- end -}}
