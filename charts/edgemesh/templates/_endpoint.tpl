{{/*
  edgemesh.security ROOT        effective kubeAPIConfig.metaServer.security of the agent, as YAML
  edgemesh.url ROOT             URL at which the agent reaches the endpoint
  edgemesh.curl ROOT            the curl command that asks the endpoint as the agent does
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
{{- /* An edge that cannot ask the cloud answers by itself after 10 s. */ -}}
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
ask() {
  {{ include "edgemesh.curl" . }} --output "$folder/answer" --write-out '%{http_code}' 2>"$folder/error"
}
# Print the strings that are keys or values in the metadata of the list, one a line: those at depth 2.
# Escapes go first, then every other field between quotes is a string.
metadata() {
  sed 's/\\./ /g' "$folder/answer" | awk -F'"' '{ for (i = 1; i <= NF; i++)
    if (i % 2) { open = $i; shut = $i; depth += gsub(/[{[]/, "", open) - gsub(/[]}]/, "", shut) }
    else if (depth == 2) print $i }'
}
# An answer from the cloud has a resourceVersion and no selfLink. The edge's own lists have neither, or both.
from_cloud() {
  metadata >"$folder/metadata"
  grep -A 1 -x resourceVersion "$folder/metadata" | grep -q '^[0-9]' && ! grep -q -x selfLink "$folder/metadata"
}
conclude() {
  printf '%s\n' "$@"
  # The kubelet shows this file in the status of the pod.
  printf '%s\n' "$@" >"$verdict"
}
for try in 1 2 3 4 5 6; do
  : >"$folder/answer"
  code=$(ask)
  failure=$?
  if [ "$code" = 200 ] && [ "$failure" = 0 ] && from_cloud; then
    conclude "healthy: the endpoint on $(hostname) lists the cluster's Services"
    exit 0
  fi
  [ "$try" = 6 ] || sleep 5
done
case "$failure:$code" in
7:*) why="Nothing listens there: is edgeCore.modules.metaManager.metaServer.enable on, and its server IP:port and no URL? From KubeEdge 1.17 on with requireAuthorization: has the node's certificate request (kubectl get csr metaserver-csr-NODE) been approved and issued?" ;;
28:*) why="No answer within 5 s: cloudcore does not answer the node. Is cloudcore running, is the node connected, is dynamicController on? A watch of a type that cloudcore may not list stalls every request; see cloudcore's log." ;;
0:200) why="The edge answered by itself: is cloudcore running, is the node connected, is dynamicController on, may cloudcore list Services? edgecore's log says 'at local'." ;;
0:400) why="http was spoken to an https endpoint: set agent.kubeAPIConfig.metaServer.security.requireAuthorization=true, or a profile." ;;
0:401) why="The token is not known. The node may not have received the access rules of the service account: generator status names these and the command. requireAuthorization must be on in cloudcore too, cloudcore needs get on serviceaccountaccesses, serviceaccounts, clusterroles and roles, and the issuer must be one of metaServer.serviceAccountIssuers." ;;
0:403) why="The token is known and its permissions are not: is the agent's ClusterRole bound, and may cloudcore get clusterroles and roles?" ;;
0:500) why="KubeEdge 1.12 and 1.13 answer so for a bad token, and while cloudcore is out of reach." ;;
0:*) why="This status is unknown here; see edgecore's log." ;;
35:*|5[1-9]:*|60:*|77:*|8?:*) why="TLS failed: did the CA given here sign the endpoint's certificate, and is the address in it? A client certificate must come from the endpoint's CA too." ;;
*) why="curl could not ask; its message says why." ;;
esac
set -- "not healthy: HTTP status $code from {{ include "edgemesh.url" . }} on $(hostname)"
[ ! -s "$folder/error" ] || set -- "$@" "$(head -n 1 "$folder/error")"
conclude "$@" "$why"
exit 1
{{- end -}}
