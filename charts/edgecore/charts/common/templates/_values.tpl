{{/* Copied from charts/common/ by `generator charts`. */}}
{{/*
The values, prepared once before anything is rendered. Each chart defines CHART.init, which every template
calls first. Its results are in .Values._site:
  kubeedge, edgemesh           minor releases, such as 1.23; tag.kubeedge, tag.edgemesh: tags of the images;
                               releases.kubeedge, releases.edgemesh: files/releases/PROGRAM-MINOR.json
  configs, texts               the finished configs, and their texts, by file name
  kinds, fields                apiVersion and kind of the configs, and their field tables, by program
  problems, warnings           problems and warnings about the values: key, says, code, where
  labels                       labels as text, by component and node group
  components, name, version    data for _labels.tpl and _pod.tpl

  edgecore.common.begin ROOT                 read the versions, accept the odd value types of upstream
  edgecore.common.config ROOT, component, config, name
                                    store a finished config in .Values._site.configs.NAME, its text in texts.NAME
  edgecore.common.find at path out           find the value at a path of keys and numbers of items; out.found, a list
  edgecore.common.put at path value          set a value at a path
  edgecore.common.defaults at values         set each of these values if there is none; a map has values of its own
  edgecore.common.prune MAP                  drop empty maps, in place

A helper that returns more than text writes into the dictionary `out`.
*/}}

{{- define "edgecore.common.begin" -}}
{{- $_ := set .Values "_site" (dict "problems" list "warnings" list "configs" dict "texts" dict "kinds" dict "fields" dict "tag" dict "releases" dict "labels" dict) -}}
{{- include "edgecore.common.release" . -}}
{{- include "edgecore.common.shapes" . -}}
{{- end -}}

{{- define "edgecore.common.release" -}}
{{- $site := .Values._site -}}
{{- $unknown := list -}}
{{- range $program := list "kubeedge" "edgemesh" -}}
{{- $version := toString (get $.Values (printf "%sVersion" $program)) -}}
{{- $minor := regexReplaceAll "^v?(1\\.[0-9]+)(\\.[0-9]+(-[0-9A-Za-z.-]+)?)?$" $version "${1}" -}}
{{- $text := $.Files.Get (printf "files/releases/%s-%s.json" $program $minor) -}}
{{- if $text -}}
{{- $release := fromJson $text -}}
{{- $patch := trimPrefix "v" $version -}}
{{- $_ := set $site $program $minor -}}
{{- $_ := set $site.tag $program (ternary $release.tag (printf "v%s" $patch) (eq $patch $minor)) -}}
{{- $_ := set $site.releases $program $release -}}
{{- $_ := mergeOverwrite $site.kinds $release.kinds -}}
{{- else -}}
{{- $known := list -}}
{{- range $path, $_ := $.Files.Glob (printf "files/releases/%s-*.json" $program) -}}
{{- $known = append $known (trimSuffix ".json" $path | splitList "-" | last) -}}
{{- end -}}
{{- $says := printf "unknown release %s (known: %s)" $version ($known | sortAlpha | join ", ") -}}
{{- $unknown = append $unknown (printf "%sVersion: %s" $program $says) -}}
{{- end -}}
{{- end -}}
{{- if $unknown }}{{ fail (join "\n" $unknown) }}{{ end -}}
{{- end -}}

{{- define "edgecore.common.config" -}}
{{- if contains "{}" (toJson .config) }}{{ include "edgecore.common.prune" .config }}{{ end -}}
{{- $site := .root.Values._site -}}
{{- $_ := mergeOverwrite .config (get $site.kinds .component) -}}
{{- $_ := set $site.configs .name .config -}}
{{- $_ := set $site.texts .name (toYaml .config) -}}
{{- end -}}

{{- define "edgecore.common.find" -}}
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

{{- define "edgecore.common.put" -}}
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

{{- define "edgecore.common.defaults" -}}
{{- $at := .at -}}
{{- range $name, $value := .values -}}
{{- $present := index $at $name -}}
{{- if kindIs "invalid" $present }}{{ $_ := set $at $name $value -}}
{{- else if and (kindIs "map" $present) (kindIs "map" $value) $value -}}
{{- include "edgecore.common.defaults" (dict "at" $present "values" $value) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "edgecore.common.prune" -}}
{{- $map := . -}}
{{- range $key := keys $map -}}
{{- $value := index $map $key -}}
{{- if kindIs "map" $value -}}
{{- include "edgecore.common.prune" $value -}}
{{- if not $value }}{{ $_ := unset $map $key }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}
