{{/* Copied from charts/shared/ by `generator charts`. */}}
{{/*
What the three charts share: one values model, its profiles and its rules.

  site.init ROOT                    prepare .Values once; every template begins with it
  site.release ROOT                 read the versions into .Values._site
  site.shapes ROOT                  accept upstream's odd shapes (files/shapes.yaml)
  site.profile ROOT                 lay the profile under the user's keys (files/profiles/)
  site.under ROOT, base             lay a map under .Values, in place
  site.rules ROOT, values, where    try every rule of files/rules.json on a view of the values
  site.check value field key out    hold a config against the field table of the release
  site.config ROOT, component, config, prefix, name
                                    check a finished config and keep it as .Values._site.configs.NAME
  site.fail ROOT                    stop with all problems in one message
  site.find at path out             collect the values at a path (a list of keys) into out.found
  site.put at path value            set a value at a path
  site.expand text values out       replace {key} by values; out.value, or out.missing
  site.holds cond values out        try one condition of a rule; out.ok, out.value
  site.twice ROOT, rule, values, out  compare the ports of a table of files/rules.json; out.pairs
  site.applies ROOT, of, values, out  say whether the releases and conditions of a rule hold; out.ok, out.value
  site.host ADDRESS                 the host of a URL, of host:port, or of a host alone
  site.place ADDRESS                the same, with one word for every loopback address
  site.within span minor out        say whether a release lies in {from, to}; out.ok
  site.prune value                  drop empty maps, in place

In the copies these names begin with the chart's, and chart.configs is <chart>.configs: charts under one
parent share one set of templates, and of two with one name Helm takes any.
A helper that must hand back more than text writes into a dictionary given as `out`.
After site.init, .Values holds the merged values and .Values._site:
  kubeedge, edgemesh (minors), tag.kubeedge, tag.edgemesh, configs, problems, warnings
*/}}

{{- define "edgemesh.site.init" -}}
{{- if not (hasKey .Values "_site") -}}
{{- $_ := set .Values "_site" (dict "problems" list "warnings" list "configs" dict "tag" dict) -}}
{{- include "edgemesh.site.release" . -}}
{{- include "edgemesh.site.shapes" . -}}
{{- include "edgemesh.site.profile" . -}}
{{- include "edgemesh.configs" . -}}
{{- include "edgemesh.site.fail" . -}}
{{- end -}}
{{- end -}}

{{- define "edgemesh.site.release" -}}
{{- $site := .Values._site -}}
{{- $known := .Files.Get "files/releases.yaml" | fromYaml -}}
{{- range $program, $key := dict "kubeedge" "kubeedgeVersion" "edgemesh" "edgemeshVersion" -}}
{{- $version := toString (get $.Values $key) -}}
{{- $minor := regexReplaceAll "^v?(1\\.[0-9]+)(\\.[0-9]+(-[0-9A-Za-z.-]+)?)?$" $version "${1}" -}}
{{- $tag := get (get $known $program) $minor -}}
{{- if not $tag -}}
{{- fail (printf "%s: %s is not known (one of %s)" $key $version (keys (get $known $program) | sortAlpha | join ", ")) -}}
{{- end -}}
{{- $_ := set $site $program $minor -}}
{{- if regexMatch "^v?1\\.[0-9]+\\.[0-9]" $version -}}
{{- $tag = printf "v%s" (trimPrefix "v" $version) -}}
{{- end -}}
{{- $_ := set $site.tag $program $tag -}}
{{- end -}}
{{- end -}}

{{- define "edgemesh.site.shapes" -}}
{{- range $shape, $keys := .Files.Get "files/shapes.yaml" | fromYaml -}}
{{- range $key := $keys -}}
{{- $out := dict "found" list -}}
{{- include "edgemesh.site.find" (dict "at" $.Values "path" (splitList "." $key) "out" $out) -}}
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
{{- include "edgemesh.site.put" (dict "at" $.Values "path" (splitList "." $key) "value" $new) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "edgemesh.site.profile" -}}
{{- $site := .Values._site -}}
{{- /* Profiles and rules refer to keys of other charts; their defaults lie in files/site.yaml. */ -}}
{{- include "edgemesh.site.under" (dict "root" . "base" (.Files.Get "files/site.yaml" | fromYaml)) -}}
{{- $preset := dict -}}
{{- $file := .Files.Get (printf "files/profiles/%s.yaml" (.Values.profile | default "unset")) | fromYaml -}}
{{- range $entry := $file.entries -}}
{{- $out := dict "ok" true -}}
{{- with $entry.kubeedge }}{{ include "edgemesh.site.within" (dict "span" . "minor" $site.kubeedge "out" $out) }}{{ end -}}
{{- with $entry.edgemesh }}{{ include "edgemesh.site.within" (dict "span" . "minor" $site.edgemesh "out" $out) }}{{ end -}}
{{- if $out.ok -}}
{{- $box := dict "missing" false -}}
{{- if kindIs "slice" $entry.value -}}
{{- include "edgemesh.site.expand" (dict "text" (first $entry.value) "values" $.Values "out" $box) -}}
{{- $_ := set $box "value" (list $box.value) -}}
{{- else -}}
{{- include "edgemesh.site.expand" (dict "text" $entry.value "values" $.Values "out" $box) -}}
{{- end -}}
{{- if not $box.missing -}}
{{- include "edgemesh.site.put" (dict "at" $preset "path" (splitList "." $entry.key) "value" $box.value) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- include "edgemesh.site.under" (dict "root" . "base" $preset) -}}
{{- end -}}

{{- define "edgemesh.site.under" -}}
{{- $root := .root -}}
{{- range $key, $value := mergeOverwrite .base (omit $root.Values "_site" "global") -}}
{{- $_ := set $root.Values $key $value -}}
{{- end -}}
{{- end -}}

{{- define "edgemesh.site.rules" -}}
{{- $root := .root -}}{{- $values := .values -}}{{- $where := .where -}}
{{- $site := $root.Values._site -}}
{{- $rules := $root.Files.Get "files/rules.json" | fromJson -}}
{{- range $kind, $list := dict "problems" (concat $rules.errors $rules.distinct) "warnings" $rules.warnings -}}
{{- range $rule := $list -}}
{{- $out := dict -}}
{{- include "edgemesh.site.applies" (dict "root" $root "of" $rule "values" $values "out" $out) -}}
{{- $found := list -}}
{{- if and $out.ok $rule.ports -}}
{{- include "edgemesh.site.twice" (dict "root" $root "rule" $rule "values" $values "out" $out) -}}
{{- range $pair := $out.pairs -}}
{{- $what := $rule.what | replace "{port}" $pair.port | replace "{one}" $pair.one | replace "{other}" $pair.other -}}
{{- $found = append $found (dict "key" $pair.other "what" $what) -}}
{{- end -}}
{{- else if $out.ok -}}
{{- $what := replace "{value}" (toString $out.value) $rule.what -}}
{{- $found = append $found (dict "key" ($rule.at | default (first $rule.if).key) "what" $what) -}}
{{- end -}}
{{- range $found -}}
{{- $text := printf "%s%s: %s" $where .key .what -}}
{{- if $rule.fix }}{{ $text = printf "%s (%s)" $text $rule.fix }}{{ end -}}
{{- $box := dict -}}
{{- include "edgemesh.site.expand" (dict "text" $text "values" $values "out" $box) -}}
{{- $_ := set $site $kind (append (get $site $kind) (toString $box.value)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "edgemesh.site.applies" -}}
{{- $out := .out -}}{{- $values := .values -}}{{- $site := .root.Values._site -}}
{{- $_ := set $out "ok" true -}}
{{- with .of.kubeedge }}{{ include "edgemesh.site.within" (dict "span" . "minor" $site.kubeedge "out" $out) }}{{ end -}}
{{- with .of.edgemesh }}{{ include "edgemesh.site.within" (dict "span" . "minor" $site.edgemesh "out" $out) }}{{ end -}}
{{- $value := "" -}}
{{- range $at, $cond := .of.if | default list -}}
{{- if $out.ok -}}
{{- include "edgemesh.site.holds" (dict "cond" $cond "values" $values "out" $out) -}}
{{- if and $out.ok (eq $at 0) }}{{ $value = $out.value }}{{ end -}}
{{- end -}}
{{- end -}}
{{- $_ := set $out "value" $value -}}
{{- end -}}

{{- define "edgemesh.site.twice" -}}
{{- $root := .root -}}{{- $values := .values -}}{{- $out := .out -}}
{{- $everywhere := list "" "0.0.0.0" "::" -}}
{{- $ports := list -}}{{- $pairs := list -}}
{{- range $row := .rule.ports -}}
{{- $box := dict "found" list -}}
{{- include "edgemesh.site.applies" (dict "root" $root "of" $row "values" $values "out" $box) -}}
{{- include "edgemesh.site.find" (dict "at" $values "path" (splitList "." $row.key) "out" $box) -}}
{{- $text := toString (first (append $box.found ($row.default | default ""))) -}}
{{- /* The key holds the port, or the address with it. Port 0 is none, or any that is free. */ -}}
{{- $number := regexFind "[0-9]+$" (trimSuffix "/" $text) -}}
{{- if and $box.ok (regexMatch "^(.*:)?[0-9]{1,5}/?$" $text) (ne (int $number) 0) -}}
{{- $host := $row.host | default "" -}}
{{- if $row.address -}}
{{- $address := dict "found" list -}}
{{- include "edgemesh.site.find" (dict "at" $values "path" (splitList "." $row.address) "out" $address) -}}
{{- $host = include "edgemesh.site.host" (first (append $address.found "") | default $host) -}}
{{- else if and (contains ":" $text) (not (hasKey $row "host")) -}}
{{- $host = include "edgemesh.site.host" $text -}}
{{- end -}}
{{- $protocol := $row.protocol | default "TCP" -}}
{{- $port := int $number | toString -}}
{{- range $one := $ports -}}
{{- $meet := or (eq $one.host $host) (has $one.host $everywhere) (has $host $everywhere) -}}
{{- if and $meet (ne $one.key $row.key) (eq $one.port $port) (eq $one.protocol $protocol) -}}
{{- $pairs = append $pairs (dict "port" $port "one" $one.key "other" $row.key) -}}
{{- end -}}
{{- end -}}
{{- $ports = append $ports (dict "key" $row.key "port" $port "host" $host "protocol" $protocol) -}}
{{- end -}}
{{- end -}}
{{- $_ := set $out "pairs" $pairs -}}
{{- end -}}

{{- define "edgemesh.site.host" -}}
{{- $text := regexReplaceAll "^[a-z]+://" (toString .) "" -}}
{{- $text = regexReplaceAll "^(\\[.*\\]|[^:]*):[0-9]+/?$" $text "${1}" | trimAll "[]" | lower -}}
{{- ternary "127.0.0.1" $text (eq $text "localhost") -}}
{{- end -}}

{{- define "edgemesh.site.place" -}}
{{- regexReplaceAll "^(127\\.[0-9.]+|::1)$" (include "edgemesh.site.host" .) "loopback" -}}
{{- end -}}

{{- define "edgemesh.site.check" -}}
{{- $value := .value -}}{{- $field := .field -}}{{- $key := .key -}}{{- $out := .out -}}
{{- $types := concat (list $field.type) ($field.also | default list) -}}
{{- $number := or (kindIs "float64" $value) (kindIs "int64" $value) (kindIs "int" $value) -}}
{{- /* A JSON number is exact up to 2^53. */ -}}
{{- $whole := and $number (eq (float64 $value) (floor $value)) (le (float64 $value) 9007199254740992.0) (ge (float64 $value) -9007199254740992.0) -}}
{{- if kindIs "invalid" $value -}}
{{- $_ := set $out "problems" (append $out.problems (printf "%s: null crashes the program (remove the key)" $key)) -}}
{{- else if and (has "object" $types) (kindIs "map" $value) -}}
{{- range $name := keys $value | sortAlpha -}}
{{- $child := get ($field.fields | default dict) $name | default $field.values -}}
{{- if $child -}}
{{- include "edgemesh.site.check" (dict "value" (index $value $name) "field" $child "key" (printf "%s.%s" $key $name) "out" $out) -}}
{{- else if ne (toJson (index $value $name)) "{}" -}}
{{- $known := keys ($field.fields | default dict) | sortAlpha -}}
{{- $way := ternary (printf " (it reads %s)" (join ", " $known)) "" (le (len $known) 12) -}}
{{- $_ := set $out "problems" (append $out.problems (printf "%s.%s: not read by this release%s" $key $name $way)) -}}
{{- end -}}
{{- end -}}
{{- else if and (has "array" $types) (kindIs "slice" $value) -}}
{{- range $at, $item := $value -}}
{{- include "edgemesh.site.check" (dict "value" $item "field" $field.items "key" (printf "%s[%d]" $key $at) "out" $out) -}}
{{- end -}}
{{- else if or (and (has "string" $types) (kindIs "string" $value)) (and (has "boolean" $types) (kindIs "bool" $value)) (and (has "number" $types) $number) -}}
{{- if and $field.enum (not (has $value $field.enum)) -}}
{{- $_ := set $out "problems" (append $out.problems (printf "%s: must be one of %s" $key (join ", " $field.enum))) -}}
{{- end -}}
{{- else if and (has "integer" $types) $whole -}}
{{- if $field.bounds -}}
{{- if or (lt (float64 $value) (float64 (first $field.bounds))) (gt (float64 $value) (float64 (last $field.bounds))) -}}
{{- $_ := set $out "problems" (append $out.problems (printf "%s: must lie between %.0f and %.0f" $key (first $field.bounds) (last $field.bounds))) -}}
{{- end -}}
{{- end -}}
{{- else if and (has "duration" $types) (kindIs "string" $value) -}}
{{- if not (regexMatch "^[-+]?([0-9]+(\\.[0-9]*)?(ns|us|µs|ms|s|m|h))+$|^0$" $value) -}}
{{- $_ := set $out "problems" (append $out.problems (printf "%s: must be a duration such as 10s" $key)) -}}
{{- end -}}
{{- else -}}
{{- $_ := set $out "problems" (append $out.problems (printf "%s: must be of type %s" $key (join " or " $types))) -}}
{{- end -}}
{{- end -}}

{{- define "edgemesh.site.config" -}}
{{- $site := .root.Values._site -}}
{{- $minor := ternary $site.edgemesh $site.kubeedge (hasPrefix "edgemesh" .component) -}}
{{- $table := .root.Files.Get (printf "files/fields/%s-%s.json" .component $minor) | fromJson -}}
{{- $out := dict "problems" list -}}
{{- /* Before empty maps go: one in the place of a number is said, one that the release lacks is not. */ -}}
{{- include "edgemesh.site.check" (dict "value" .config "field" $table "key" .prefix "out" $out) -}}
{{- include "edgemesh.site.prune" .config -}}
{{- $_ := set $site "problems" (concat $site.problems $out.problems) -}}
{{- $_ := set .config "apiVersion" $table.apiVersion -}}
{{- $_ := set .config "kind" $table.kind -}}
{{- $_ := set $site.configs .name .config -}}
{{- end -}}

{{- define "edgemesh.site.fail" -}}
{{- $problems := uniq .Values._site.problems -}}
{{- if $problems -}}
{{- fail (printf "%d problem(s) in the values of chart %s:\n%s\n" (len $problems) .Chart.Name (join "\n" $problems)) -}}
{{- end -}}
{{- end -}}

{{- define "edgemesh.site.find" -}}
{{- /* Keys are followed in a loop; only an item of a list starts over. */ -}}
{{- $at := .at -}}{{- $out := .out -}}{{- $path := .path -}}{{- $open := true -}}
{{- range $depth, $part := $path -}}
{{- if $open -}}
{{- $name := trimSuffix "[]" $part -}}
{{- $child := ternary $at dict (kindIs "map" $at) -}}
{{- if has $part (list "*" "~") -}}
{{- range $key, $value := $child }}{{ $_ := set $out "found" (append $out.found (ternary $value $key (eq $part "*"))) }}{{ end -}}
{{- $open = false -}}
{{- else if hasKey $child $name -}}
{{- $at = index $child $name -}}
{{- if and (ne $name $part) (kindIs "slice" $at) -}}
{{- range $item := $at }}{{ include "edgemesh.site.find" (dict "at" $item "path" (slice $path (add1 $depth)) "out" $out) }}{{ end -}}
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

{{- define "edgemesh.site.put" -}}
{{- $part := first .path -}}
{{- if eq (len .path) 1 -}}
{{- $_ := set .at $part .value -}}
{{- else -}}
{{- if kindIs "invalid" (index .at $part) }}{{ $_ := set .at $part dict }}{{ end -}}
{{- /* What is no map is left as it is, for site.check to refuse. */ -}}
{{- if kindIs "map" (index .at $part) -}}
{{- include "edgemesh.site.put" (dict "at" (index .at $part) "path" (rest .path) "value" .value) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "edgemesh.site.expand" -}}
{{- $out := .out -}}{{- $values := .values -}}
{{- $_ := set $out "value" .text -}}
{{- if kindIs "string" .text -}}
{{- $text := .text -}}
{{- range $name := regexFindAll "\\{[A-Za-z][A-Za-z0-9_.]*\\}" $text -1 -}}
{{- $box := dict "found" list -}}
{{- include "edgemesh.site.find" (dict "at" $values "path" (splitList "." (trimAll "{}" $name)) "out" $box) -}}
{{- $found := first (append $box.found "") -}}
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

{{- define "edgemesh.site.holds" -}}
{{- $cond := .cond -}}{{- $out := .out -}}{{- $values := .values -}}
{{- $box := dict "found" list -}}
{{- $ok := false -}}{{- $hit := "" -}}
{{- if $cond.any -}}
{{- range $cond.any -}}
{{- if not $ok -}}
{{- include "edgemesh.site.holds" (dict "cond" . "values" $values "out" $box) -}}
{{- $ok = $box.ok }}{{ $hit = $box.value -}}
{{- end -}}
{{- end -}}
{{- else -}}
{{- include "edgemesh.site.find" (dict "at" $values "path" (splitList "." $cond.key) "out" $box) -}}
{{- $found := $box.found -}}
{{- if and (not $found) (hasKey $cond "default") }}{{ $found = list $cond.default }}{{ end -}}
{{- if hasKey $cond "set" -}}
{{- $ok = eq $cond.set (not (empty $found)) -}}
{{- else if hasKey $cond "empty" -}}
{{- $ok = eq $cond.empty (empty (first (append $found ""))) -}}
{{- else -}}
{{- $wanted := dict -}}
{{- range $op := list "eq" "ne" "lacks" "ge" "sameHost" "otherHost" -}}
{{- if hasKey $cond $op -}}
{{- $one := dict -}}
{{- include "edgemesh.site.expand" (dict "text" (index $cond $op) "values" $values "out" $one) -}}
{{- if and (eq (toString $one.value) "") (hasKey $cond "else") }}{{ $_ := set $one "value" $cond.else }}{{ end -}}
{{- $_ := set $wanted $op $one.value -}}
{{- end -}}
{{- end -}}
{{- range $value := $found -}}
{{- $holds := true -}}
{{- if hasKey $cond "eq" }}{{ $holds = and $holds (eq (toJson $value) (toJson $wanted.eq)) }}{{ end -}}
{{- if hasKey $cond "ne" }}{{ $holds = and $holds (ne (toJson $value) (toJson $wanted.ne)) }}{{ end -}}
{{- if hasKey $cond "in" }}{{ $holds = and $holds (has $value $cond.in) }}{{ end -}}
{{- if hasKey $cond "notIn" }}{{ $holds = and $holds (not (has (toJson $value) (splitList "\n" (include "edgemesh.site.jsons" $cond.notIn)))) }}{{ end -}}
{{- if hasKey $cond "matches" }}{{ $holds = and $holds (regexMatch $cond.matches (toString $value)) }}{{ end -}}
{{- if hasKey $cond "notMatches" }}{{ $holds = and $holds (not (regexMatch $cond.notMatches (toString $value))) }}{{ end -}}
{{- if hasKey $cond "lt" }}{{ $holds = and $holds (lt (float64 $value) (float64 $cond.lt)) }}{{ end -}}
{{- if hasKey $cond "gt" }}{{ $holds = and $holds (gt (float64 $value) (float64 $cond.gt)) }}{{ end -}}
{{- if hasKey $cond "ge" }}{{ $holds = and $holds (ge (float64 $value) (float64 $wanted.ge)) }}{{ end -}}
{{- if hasKey $cond "lacks" }}{{ $holds = and $holds (not (has $wanted.lacks (ternary $value (list $value) (kindIs "slice" $value)))) }}{{ end -}}
{{- if hasKey $cond "without" }}{{ $holds = and $holds (kindIs "map" $value) (empty (get (ternary $value dict (kindIs "map" $value)) $cond.without)) }}{{ end -}}
{{- if hasKey $cond "repeated" }}{{ $holds = and $holds (ne (len (without $found $value)) (sub (len $found) 1 | int)) }}{{ end -}}
{{- range $op := list "sameHost" "otherHost" -}}
{{- if hasKey $cond $op -}}
{{- $same := eq (include "edgemesh.site.place" $value) (include "edgemesh.site.place" (index $wanted $op)) -}}
{{- $holds = and $holds (ne (toString (index $wanted $op)) "") (ne (toString $value) "") (eq $same (eq $op "sameHost")) -}}
{{- end -}}
{{- end -}}
{{- if and $holds (not $ok) }}{{ $ok = true }}{{ $hit = $value }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $_ := set $out "ok" $ok -}}
{{- $_ := set $out "value" $hit -}}
{{- end -}}

{{- define "edgemesh.site.jsons" -}}
{{- range $at, $value := . }}{{ if $at }}{{ "\n" }}{{ end }}{{ toJson $value }}{{ end -}}
{{- end -}}

{{- define "edgemesh.site.within" -}}
{{- $number := trimPrefix "1." .minor | int -}}
{{- if lt $number (trimPrefix "1." (.span.from | default "1.0") | int) }}{{ $_ := set .out "ok" false }}{{ end -}}
{{- if gt $number (trimPrefix "1." (.span.to | default "1.999") | int) }}{{ $_ := set .out "ok" false }}{{ end -}}
{{- end -}}

{{- define "edgemesh.site.prune" -}}
{{- $map := . -}}
{{- range $key := keys $map -}}
{{- $value := index $map $key -}}
{{- if kindIs "map" $value -}}
{{- include "edgemesh.site.prune" $value -}}
{{- if not $value }}{{ $_ := unset $map $key }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}
