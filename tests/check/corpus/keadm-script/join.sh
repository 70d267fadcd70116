#!/bin/sh
# keadm join --set this.is=a-comment
keadm join --kubeedge-version=v1.20.0 \
  --cloudcore-ipport=192.0.2.10:10000 --token="$TOKEN" \
  --set modules.edged.nodeIP=192.0.2.31 \
  --set modules.metaManager.metaServer.enable=1,modules.edgeStream.enable=true
