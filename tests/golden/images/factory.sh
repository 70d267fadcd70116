#!/bin/sh
# Written by `generator images --format docker`, for KubeEdge v1.23.1 and EdgeMesh v1.17.0, linux/arm64.
# Pulls each image for this architecture only, and pushes it to registry.example.com/mirror.
set -eu

copy() {
  docker pull --platform linux/arm64 "$1"
  docker tag "$1" "$2"
  docker push "$2"
}

copy busybox:1.37.0 registry.example.com/mirror/busybox:1.37.0
copy curlimages/curl:8.16.0 registry.example.com/mirror/curlimages/curl:8.16.0
copy eclipse-mosquitto:2.0.22 registry.example.com/mirror/eclipse-mosquitto:2.0.22
copy kubeedge/cloudcore:v1.23.1 registry.example.com/mirror/kubeedge/cloudcore:v1.23.1
copy kubeedge/edgemesh-agent:v1.17.0 registry.example.com/mirror/kubeedge/edgemesh-agent:v1.17.0
copy kubeedge/edgemesh-gateway:v1.17.0 registry.example.com/mirror/kubeedge/edgemesh-gateway:v1.17.0
copy kubeedge/installation-package:v1.23.1 registry.example.com/mirror/kubeedge/installation-package:v1.23.1
copy kubeedge/iptables-manager:v1.23.1 registry.example.com/mirror/kubeedge/iptables-manager:v1.23.1
copy kubeedge/pause:3.6 registry.example.com/mirror/kubeedge/pause:3.6
