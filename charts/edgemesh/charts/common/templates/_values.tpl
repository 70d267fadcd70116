{{/* Copied from charts/common/ by `generator charts`. */}}
{{/*
The values, prepared once before anything is rendered. Each chart defines CHART.init, which every template
calls first. Its results are in .Values._site:
  kubeedge, edgemesh           minor releases, such as 1.23; tag.kubeedge, tag.edgemesh: tags of the images
  configs                      the finished configs, by file name
  kinds, fields                apiVersion and kind, and the field table of the release, by program
  problems, warnings           problems and warnings about the values: key, says, code, where
  labels                       labels as text, by component and node group
  components, name, version    data for _labels.tpl and _pod.tpl

  edgemesh.common.begin ROOT                 read the versions, accept the odd value types of upstream (files/shapes.json)
  edgemesh.common.profile ROOT               merge the user's keys over the profile (files/profiles/) and over what
                                    streams.enable sets (files/streams.json)
  edgemesh.common.groups values entry preset
                                    add an entry for each node group that sets the key in its `groups`
  edgemesh.common.config ROOT, component, config, name
                                    store a finished config in .Values._site.configs.NAME
  edgemesh.common.find at path out           collect the values at a path (a list of keys) into out.found
  edgemesh.common.put at path value          set a value at a path
  edgemesh.common.default at path value      set a value at a path if it has none
  edgemesh.common.expand text values out     replace {key} by values, {host:key} by the host of an address; out.value, or
                                    out.missing
  edgemesh.common.prune MAP                  drop empty maps, in place

A helper that returns more than text writes into the dictionary `out`.
*/}}

{{- define "edgemesh.common.begin" -}}
{{- $_ := set .Values "_site" (dict "problems" list "warnings" list "configs" dict "kinds" dict "fields" dict "tag" dict "labels" dict) -}}
{{- include "edgemesh.common.release" . -}}
{{- include "edgemesh.common.shapes" . -}}
{{- end -}}

{{- define "edgemesh.common.release" -}}
{{- $site := .Values._site -}}
{{- $known := .Files.Get "files/releases.json" | fromJson -}}
{{- range $program, $key := dict "kubeedge" "kubeedgeVersion" "edgemesh" "edgemeshVersion" -}}
{{- $version := toString (get $.Values $key) -}}
{{- $minor := regexReplaceAll "^v?(1\\.[0-9]+)(\\.[0-9]+(-[0-9A-Za-z.-]+)?)?$" $version "${1}" -}}
{{- $tag := get (get $known $program) $minor -}}
{{- if not $tag -}}
{{- fail (printf "%s: unknown release %s (known: %s)" $key $version (keys (get $known $program) | sortAlpha | join ", ")) -}}
{{- end -}}
{{- $_ := set $site $program $minor -}}
{{- if regexMatch "^v?1\\.[0-9]+\\.[0-9]" $version -}}
{{- $tag = printf "v%s" (trimPrefix "v" $version) -}}
{{- end -}}
{{- $_ := set $site.tag $program $tag -}}
{{- end -}}
{{- end -}}

{{- define "edgemesh.common.shapes" -}}
{{- range $shape, $keys := .Files.Get "files/shapes.json" | fromJson -}}
{{- range $key := $keys -}}
{{- $out := dict "found" list -}}
{{- /* A key that goes through lists is a text, all others are lists of names: those are found quickly. */ -}}
{{- if kindIs "string" $key -}}
{{- include "edgemesh.common.find" (dict "at" $.Values "path" (splitList "." $key) "out" $out) -}}
{{- else -}}
{{- $at := $.Values -}}
{{- range $name := $key }}{{ $at = ternary $at dict (kindIs "map" $at) }}{{ $at = index $at $name }}{{ end -}}
{{- if not (kindIs "invalid" $at) }}{{ $_ := set $out "found" (list $at) }}{{ end -}}
{{- end -}}
{{- range $value := $out.found -}}
{{- $new := $value -}}
{{- if and (eq $shape "boolean") (has $value (list "true" "false")) -}}
{{- $new = eq $value "true" -}}
{{- else if and (eq $shape "integer") (kindIs "string" $value) -}}
{{- if regexMatch "^(0|[1-9][0-9]{0,14})$" $value }}{{ $new = int64 $value }}{{ end -}}
{{- else if and (eq $shape "compact") (kindIs "slice" $value) -}}
{{- $new = without $value "" -}}
{{- else if and (eq $shape "list") (kindIs "map" $value) -}}
{{- if not $value }}{{ $new = list }}{{ end -}}
{{- else if and (eq $shape "unquote") (eq (toString $value) "\"\"") -}}
{{- $new = "" -}}
{{- end -}}
{{- if ne (toJson $new) (toJson $value) -}}
{{- $path := $key -}}
{{- if kindIs "string" $key }}{{ $path = splitList "." $key }}{{ end -}}
{{- include "edgemesh.common.put" (dict "at" $.Values "path" $path "value" $new) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "edgemesh.common.profile" -}}
{{- $site := .Values._site -}}
{{- /* Profiles and rules refer to keys of other charts; their defaults are in files/site.json. */ -}}
{{- include "edgemesh.common.under" (dict "root" . "base" (.Files.Get "files/site.json" | fromJson)) -}}
{{- $preset := dict -}}
{{- $file := .Files.Get (printf "files/profiles/%s.json" (.Values.profile | default "unset")) | fromJson -}}
{{- $entries := $file.entries -}}
{{- $streams := (.Values.streams | default dict).enable -}}
{{- if kindIs "bool" $streams -}}
{{- $switch := .Files.Get "files/streams.json" | fromJson -}}
{{- $entries = concat $entries (get $switch (ternary "on" "off" $streams)) -}}
{{- end -}}
{{- $kubeedge := trimPrefix "1." $site.kubeedge | float64 -}}
{{- $edgemesh := trimPrefix "1." $site.edgemesh | float64 -}}
{{- range $entry := $entries -}}
{{- $one := and (ge $kubeedge (first $entry.kubeedge)) (le $kubeedge (last $entry.kubeedge)) -}}
{{- $other := and (ge $edgemesh (first $entry.edgemesh)) (le $edgemesh (last $entry.edgemesh)) -}}
{{- if and $one $other -}}
{{- $box := dict "missing" false "value" $entry.value -}}
{{- if kindIs "slice" $entry.value -}}
{{- $items := list -}}
{{- range $item := $entry.value -}}
{{- include "edgemesh.common.expand" (dict "text" $item "values" $.Values "out" $box) -}}
{{- $items = append $items $box.value -}}
{{- end -}}
{{- $_ := set $box "value" $items -}}
{{- else if kindIs "string" $entry.value -}}
{{- include "edgemesh.common.expand" (dict "text" $entry.value "values" $.Values "out" $box) -}}
{{- end -}}
{{- if not $box.missing -}}
{{- include "edgemesh.common.put" (dict "at" $preset "path" $entry.path "value" $box.value) -}}
{{- end -}}
{{- if $entry.groups }}{{ include "edgemesh.common.groups" (dict "values" $.Values "entry" $entry "preset" $preset) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- include "edgemesh.common.under" (dict "root" . "base" $preset) -}}
{{- end -}}

{{- define "edgemesh.common.groups" -}}
{{- $entry := .entry -}}{{- $preset := .preset -}}{{- $values := .values -}}
{{- $hand := dict "found" list -}}{{- $groups := dict "found" list -}}
{{- include "edgemesh.common.find" (dict "at" $values "path" $entry.path "out" $hand) -}}
{{- include "edgemesh.common.find" (dict "at" $values "path" (list "edgeCore" "nodeGroups") "out" $groups) -}}
{{- $named := first (append $groups.found dict) -}}
{{- range $name, $own := ternary $named dict (and (kindIs "map" $named) (empty $hand.found)) -}}
{{- $view := set (omit $values "edgeCore") "edgeCore" $own -}}
{{- $given := dict "found" list -}}
{{- include "edgemesh.common.find" (dict "at" $view "path" $entry.groups "out" $given) -}}
{{- $box := dict "missing" false -}}
{{- include "edgemesh.common.expand" (dict "text" $entry.value "values" $view "out" $box) -}}
{{- $path := concat (list "edgeCore" "nodeGroups" $name) (rest $entry.path) -}}
{{- if and $given.found (not $box.missing) }}{{ include "edgemesh.common.put" (dict "at" $preset "path" $path "value" $box.value) }}{{ end -}}
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
{{- end -}}

{{- define "edgemesh.common.find" -}}
{{- /* A loop follows the keys; each item of a list starts a new search. */ -}}
{{- $at := .at -}}{{- $out := .out -}}{{- $path := .path -}}{{- $open := true -}}
{{- range $depth, $part := $path -}}
{{- if $open -}}
{{- $name := trimSuffix "[]" $part -}}
{{- $child := ternary $at dict (kindIs "map" $at) -}}
{{- if hasKey $child $name -}}
{{- $at = index $child $name -}}
{{- if and (ne $name $part) (kindIs "slice" $at) -}}
{{- range $item := $at }}{{ include "edgemesh.common.find" (dict "at" $item "path" (slice $path (add1 $depth)) "out" $out) }}{{ end -}}
{{- $open = false -}}
{{- end -}}
{{- else if and (kindIs "slice" $at) (regexMatch "^[0-9]+$" $part) -}}
{{- if lt (int $part) (len $at) }}{{ $at = index $at (int $part) }}{{ else }}{{ $open = false }}{{ end -}}
{{- else -}}
{{- $open = false -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and $open (not (kindIs "invalid" $at)) }}{{ $_ := set $out "found" (append $out.found $at) }}{{ end -}}
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

{{- define "edgemesh.common.expand" -}}
{{- $out := .out -}}{{- $values := .values -}}
{{- $_ := set $out "value" .text -}}
{{- if kindIs "string" .text -}}
{{- $text := .text -}}
{{- range $name := regexFindAll "\\{(host:)?[A-Za-z][A-Za-z0-9_.]*\\}" $text -1 -}}
{{- $box := dict "found" list -}}
{{- $key := trimAll "{}" $name | trimPrefix "host:" -}}
{{- include "edgemesh.common.find" (dict "at" $values "path" (splitList "." $key) "out" $box) -}}
{{- $found := first (append $box.found "") -}}
{{- if and (hasPrefix "{host:" $name) (ne (toString $found) "") }}{{ $found = include "edgemesh.common.hostOf" $found }}{{ end -}}
{{- if eq (toString $found) "" }}{{ $_ := set $out "missing" true }}{{ end -}}
{{- if eq $text $name -}}
{{- $_ := set $out "value" $found -}}
{{- else -}}
{{- $part := toString $found -}}
{{- if and (contains ":" $part) (not (hasPrefix "[" $part)) }}{{ $part = printf "[%s]" $part }}{{ end -}}
{{- $_ := set $out "value" (replace $name $part $out.value) -}}
{{- end -}}
{{- end -}}
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
