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
  code=$(ask)
  failure=$?
  if [ "$code" = 200 ] && [ "$failure" = 0 ] && from_cloud; then
    conclude "healthy: the endpoint on $(hostname) lists the cluster's Services"
    exit 0
  fi
  [ "$try" = 6 ] || sleep 5
done
# To curl, an http server looks like any failed handshake. Without TLS no token is sent.
if [ "$failure" = 35 ]; then
  case $(curl --silent --max-time 5 --output /dev/null --write-out '%{http_code}' {{ replace "https://" "http://" (include "edgemesh.url" .) | printf "%s/version" | squote }}) in
  000|400) ;;
  *) failure=http ;;
  esac
fi
case "$failure:$code" in
http:*) why="The endpoint uses http, but the request was https. Write the edgecore.yaml of this profile to the node and restart edgecore: requireAuthorization is off in edgecore." ;;
7:*) why="Nothing listens at this address. Check that edgeCore.modules.metaManager.metaServer.enable is on and that its server is IP:port, not a URL. From KubeEdge 1.17 on with requireAuthorization, check that the certificate request of the node is approved and issued (kubectl get csr metaserver-csr-NODE)." ;;
28:*) why="No answer within 5 s: cloudcore does not answer the node. Check that cloudcore is running, the node is connected and dynamicController is on. A watch of a type that cloudcore may not list blocks all requests; see the log of cloudcore." ;;
0:200) why="The node answered from its own database; the log of edgecore contains 'at local'. Check that cloudcore is running, the node is connected, dynamicController is on, and cloudcore may list Services." ;;
0:400) why="The endpoint uses https, but the request was http. Set agent.kubeAPIConfig.metaServer.security.requireAuthorization to true, or set a profile." ;;
0:401) why="The endpoint rejected the token. The node may not have the permissions of the service account: generator status shows this and the command that repairs it. Also check that requireAuthorization is on in cloudcore, that cloudcore may get serviceaccountaccesses, serviceaccounts, clusterroles and roles, and that the issuer of the token is in metaServer.serviceAccountIssuers." ;;
0:403) why="The token is valid, but has no permissions. Check that the ClusterRole of the agent is bound, and that cloudcore may get clusterroles and roles." ;;
0:500) why="KubeEdge 1.12 and 1.13 answer 500 to a bad token, and while cloudcore is unreachable." ;;
0:*) why="This test does not know the status; see the log of edgecore." ;;
35:*|5[1-9]:*|60:*|77:*|8?:*) why="The TLS connection failed. Check that this CA signed the certificate of the endpoint, and that the certificate contains the address. A client certificate must also be signed by the CA of the endpoint." ;;
*) why="curl could not send the request; see its message." ;;
esac
set -- "not healthy: HTTP status $code from {{ include "edgemesh.url" . }} on $(hostname)"
[ ! -s "$folder/error" ] || set -- "$@" "$(head -n 1 "$folder/error")"
conclude "$@" "$why"
exit 1
{{- end -}}
