{{/* Copied from charts/common/ by `generator charts`. */}}
{{/*
The values, prepared once before anything is rendered. Each chart defines CHART.init, which every template
calls first. Its results are in .Values._site:
  kubeedge, edgemesh           minor releases, such as 1.23; tag.kubeedge, tag.edgemesh: tags of the images
  configs, texts               the finished configs, and their texts, by file name
  kinds, fields                apiVersion and kind of the configs, and their field tables, by program
  problems, warnings           problems and warnings about the values: key, says, code, where
  labels                       labels as text, by component and node group
  components, name, version    data for _labels.tpl and _pod.tpl

  edgemesh.common.begin ROOT                 read the versions, accept the odd value types of upstream (files/shapes.json)
  edgemesh.common.profile ROOT               merge the user's keys over the profile (files/profiles/) and over what
                                    streams.enable sets (files/streams.json)
  edgemesh.common.groups values entry preset
                                    add an entry for each node group that sets the key in its `groups`
  edgemesh.common.config ROOT, component, config, name
                                    store a finished config in .Values._site.configs.NAME, its text in texts.NAME
  edgemesh.common.fill entry values out      fill the references in the value of an entry from the values; out.value, or
                                    out.missing
  edgemesh.common.find at path out           find the value at a path of keys and numbers of items; out.found, a list
  edgemesh.common.put at path value          set a value at a path
  edgemesh.common.default at path value      set a value at a path if it has none
  edgemesh.common.prune MAP                  drop empty maps, in place

A helper that returns more than text writes into the dictionary `out`.
*/}}

{{- define "edgemesh.common.begin" -}}
{{- $_ := set .Values "_site" (dict "problems" list "warnings" list "configs" dict "texts" dict "kinds" dict "fields" dict "tag" dict "labels" dict) -}}
{{- include "edgemesh.common.release" . -}}
{{- include "edgemesh.common.shapes" . -}}
{{- end -}}

{{- define "edgemesh.common.release" -}}
{{- $site := .Values._site -}}
{{- $known := .Files.Get "files/releases.json" | fromJson -}}
{{- range $program, $key := dict "kubeedge" "kubeedgeVersion" "edgemesh" "edgemeshVersion" -}}
{{- $version := toString (get $.Values $key) -}}
{{- $minor := regexReplaceAll "^v?(1\\.[0-9]+)(\\.[0-9]+(-[0-9A-Za-z.-]+)?)?$" $version "${1}" -}}
{{- $release := get (get $known $program) $minor -}}
{{- if not $release -}}
{{- fail (printf "%s: unknown release %s (known: %s)" $key $version (keys (get $known $program) | sortAlpha | join ", ")) -}}
{{- end -}}
{{- $_ := set $site $program $minor -}}
{{- $_ := set $site.tag $program $release.tag -}}
{{- if regexMatch "^v?1\\.[0-9]+\\.[0-9]" $version -}}
{{- $_ := set $site.tag $program (printf "v%s" (trimPrefix "v" $version)) -}}
{{- end -}}
{{- $_ := mergeOverwrite $site.kinds $release.kinds -}}
{{- end -}}
{{- end -}}

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

{{- define "edgemesh.common.config" -}}
{{- if contains "{}" (toJson .config) }}{{ include "edgemesh.common.prune" .config }}{{ end -}}
{{- $site := .root.Values._site -}}
{{- $_ := mergeOverwrite .config (get $site.kinds .component) -}}
{{- $_ := set $site.configs .name .config -}}
{{- $_ := set $site.texts .name (toYaml .config) -}}
{{- end -}}

{{- define "edgemesh.common.find" -}}
{{- $at := .at -}}
{{- range $part := .path -}}
{{- if kindIs "string" $part -}}
{{- $at = index (ternary $at dict (kindIs "map" $at)) $part -}}
{{- else if and (kindIs "slice" $at) (gt (len $at) (int $part)) -}}
{{- $at = index $at (int $part) -}}
{{- else -}}
{{- $at = (dict).none -}}
{{- end -}}
{{- end -}}
{{- if not (kindIs "invalid" $at) }}{{ $_ := set .out "found" (list $at) }}{{ end -}}
{{- end -}}

{{- define "edgemesh.common.put" -}}
{{- $at := .at -}}
{{- range $part := initial .path -}}
{{- /* A value that is not a map stays: the field table rejects it. */ -}}
{{- if kindIs "map" $at -}}
{{- if kindIs "invalid" (index $at $part) }}{{ $_ := set $at $part dict }}{{ end -}}
{{- $at = index $at $part -}}
{{- end -}}
{{- end -}}
{{- if kindIs "map" $at }}{{ $_ := set $at (last .path) .value }}{{ end -}}
{{- end -}}

{{- define "edgemesh.common.default" -}}
{{- $at := .at -}}
{{- range $part := initial .path -}}
{{- if kindIs "map" $at -}}
{{- if kindIs "invalid" (index $at $part) }}{{ $_ := set $at $part dict }}{{ end -}}
{{- $at = index $at $part -}}
{{- end -}}
{{- end -}}
{{- if kindIs "map" $at -}}
{{- if kindIs "invalid" (index $at (last .path)) }}{{ $_ := set $at (last .path) .value }}{{ end -}}
{{- end -}}
{{- end -}}

{{- define "edgemesh.common.prune" -}}
{{- $map := . -}}
{{- range $key := keys $map -}}
{{- $value := index $map $key -}}
{{- if kindIs "map" $value -}}
{{- include "edgemesh.common.prune" $value -}}
{{- if not $value }}{{ $_ := unset $map $key }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}
