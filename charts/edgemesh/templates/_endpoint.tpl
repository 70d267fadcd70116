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
curl --silent --show-error --max-time 30
{{- if $security.requireAuthorization }} --header "Authorization: Bearer $(cat /var/run/secrets/kubernetes.io/serviceaccount/token)"
{{- if $security.insecureSkipTLSVerify }} --insecure
{{- else }} --cacert {{ $security.tlsCaFile | squote }}
{{- with $security.tlsCertFile }} --cert {{ . | squote }}{{ end }}
{{- with $security.tlsPrivateKeyFile }} --key {{ . | squote }}{{ end }}
{{- end }}
{{- end }} {{ printf "%s/api/v1/services" (include "edgemesh.url" .) | squote }}
{{- end -}}

{{- define "edgemesh.testScript" -}}
ask() {
  {{ include "edgemesh.curl" . }} --output /tmp/answer --write-out '%{http_code}'
}
# Only an answer that came from the cloud has a resourceVersion in the metadata of the list. Escapes
# go first, then every other field between quotes is a string; those two brackets deep belong to it.
from_cloud() {
  sed 's/\\./ /g' /tmp/answer | awk -F'"' '{ for (i = 1; i <= NF; i++)
    if (i % 2) { open = $i; shut = $i; depth += gsub(/[{[]/, "", open) - gsub(/[]}]/, "", shut) }
    else if (depth == 2) print $i }' | grep -A 1 -x resourceVersion | grep -q '^[0-9]'
}
for try in 1 2 3 4 5 6; do
  code=$(ask)
  if [ "$code" = 200 ] && from_cloud; then
    echo "healthy: the endpoint on $(hostname) lists the cluster's Services"
    exit 0
  fi
  sleep 5
done
echo "not healthy: HTTP status $code from {{ include "edgemesh.url" . }} on $(hostname)"
case "$code" in
000) echo "Nothing listens there, or TLS failed (curl says above): is edgeCore.modules.metaManager.metaServer.enable on, its server IP:port and no URL; from KubeEdge 1.17 on with requireAuthorization, has the node's certificate request been approved and issued; did the authority given here sign the certificate?" ;;
200) echo "The edge answered by itself: is dynamicController on in cloudcore, is the node connected, may cloudcore list Services? An answer after 10 s says that cloudcore did not answer; see edgecore's log for 'at local'." ;;
400) echo "http was spoken to an https endpoint: set agent.kubeAPIConfig.metaServer.security.requireAuthorization=true, or a profile." ;;
401) echo "The token is not known: requireAuthorization must be on in cloudcore too, cloudcore needs get on serviceaccountaccesses, serviceaccounts, clusterroles and roles, and the issuer must be one of metaServer.serviceAccountIssuers." ;;
403) echo "The token is known, its rights are not: is the agent's ClusterRole bound, and may cloudcore get clusterroles and roles?" ;;
500) echo "KubeEdge 1.12 and 1.13 say so for a bad token, and while cloudcore is out of reach." ;;
esac
exit 1
{{- end -}}
