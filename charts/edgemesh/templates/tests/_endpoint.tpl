{{/*
  edgemesh.security ROOT        effective kubeAPIConfig.metaServer.security of the agent, as YAML
  edgemesh.url ROOT             URL of the endpoint for the agent
  edgemesh.curl ROOT            the curl command that sends the same request as the agent
  edgemesh.testScript ROOT      script of the test pod
*/}}

{{- define "edgemesh.security" -}}
{{- $api := (index .Values._site.configs "edgemesh-agent.yaml").kubeAPIConfig | default dict -}}
{{- $files := dict "tlsCaFile" "rootCA.crt" "tlsCertFile" "server.crt" "tlsPrivateKeyFile" "server.key" -}}
{{- range $key, $file := $files }}{{ $_ := set $files $key (printf "/etc/edgemesh/metaserver/%s" $file) }}{{ end -}}
{{- toYaml (mergeOverwrite $files (deepCopy (($api.metaServer | default dict).security | default dict))) -}}
{{- end -}}

{{- define "edgemesh.url" -}}
{{- $api := (index .Values._site.configs "edgemesh-agent.yaml").kubeAPIConfig | default dict -}}
{{- $server := ($api.metaServer | default dict).server | default "http://127.0.0.1:10550" -}}
{{- /* The agent does the same under requireAuthorization (edgemesh v1.17 pkg/util/util.go). */ -}}
{{- if (include "edgemesh.security" . | fromYaml).requireAuthorization }}{{ $server = replace "http://" "https://" $server }}{{ end -}}
{{- $server -}}
{{- end -}}

{{- define "edgemesh.curl" -}}
{{- $security := include "edgemesh.security" . | fromYaml -}}
{{- /* An edge node without connection to the cloud answers from its own database after 10 s. */ -}}
curl --silent --show-error --max-time 5
{{- if $security.requireAuthorization }} --header "Authorization: Bearer $(cat /var/run/secrets/kubernetes.io/serviceaccount/token)"
{{- if $security.insecureSkipTLSVerify }} --insecure
{{- else }} --cacert {{ $security.tlsCaFile | squote }}
{{- with $security.tlsCertFile }} --cert {{ . | squote }}{{ end }}
{{- with $security.tlsPrivateKeyFile }} --key {{ . | squote }}{{ end }}
{{- end }}
{{- end }} {{ printf "%s/api/v1/services" (include "edgemesh.url" .) | squote }}
{{- end -}}

{{- define "edgemesh.testScript" -}}
folder=/tmp
verdict=/dev/termination-log
url={{ include "edgemesh.url" . | squote }}
ask() {
  {{ include "edgemesh.curl" . }} --output "$folder/answer" --write-out '%{http_code}' 2>"$folder/error"
}
# Print the keys and values in the metadata of the list (depth 2), one per line.
# After escapes are removed, every second field between quotes is a string.
metadata() {
  sed 's/\\./ /g' "$folder/answer" | awk -F'"' '{ for (i = 1; i <= NF; i++)
    if (i % 2) { open = $i; shut = $i; depth += gsub(/[{[]/, "", open) - gsub(/[]}]/, "", shut) }
    else if (depth == 2) print $i }'
}
# A list from the cloud has a resourceVersion and no selfLink. A list from the node's database has neither, or both.
from_cloud() {
  metadata >"$folder/metadata"
  grep -A 1 -x resourceVersion "$folder/metadata" | grep -q '^[0-9]' && ! grep -q -x selfLink "$folder/metadata"
}
conclude() {
  printf '%s\n' "$@"
  # The kubelet puts the text of this file in the status of the pod.
  printf '%s\n' "$@" >"$verdict"
}
for try in 1 2 3 4 5 6; do
  : >"$folder/answer"
  status=$(ask)
  exit=$?
  if [ "$status" = 200 ] && [ "$exit" = 0 ] && from_cloud; then
    conclude "healthy: the endpoint on $(hostname) lists the cluster's Services"
    exit 0
  fi
  [ "$try" = 6 ] || sleep 5
done
# To curl, an http server looks like any failed handshake. Without TLS no token is sent.
if [ "$exit" = 35 ]; then
  case $(curl --silent --max-time 5 --output /dev/null --write-out '%{http_code}' {{ replace "https://" "http://" (include "edgemesh.url" .) | printf "%s/version" | squote }}) in
  000|400) ;;
  *) exit=http ;;
  esac
fi
error=$(head -n 1 "$folder/error")
{{ include "edgemesh.causes" . }}
set -- "not healthy: HTTP status $status from $url on $(hostname)"
case $why in
*"$error"*) ;;
*) set -- "$@" "$error" ;;
esac
[ -z "$causes" ] || causes="Possible causes, most likely first:$causes"
conclude "$@" "$why" ${causes:+"$causes"}
exit 1
{{- end -}}
