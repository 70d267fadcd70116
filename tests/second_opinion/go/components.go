package main

import "k8s.io/apimachinery/pkg/util/validation/field"

// component is a program of the release. Its types come from the file whose build tag says where the
// release keeps them: kubeedge_v1alpha1 (to 1.11), kubeedge_v1alpha2 (to 1.18), api_v1alpha2 (from 1.19).
type component struct {
	// defaults makes the config that the program starts from.
	defaults func() any
	// validate runs upstream's checks, after the paths of the config are led below scratch.
	validate func(config any, scratch string) field.ErrorList
}

var components = map[string]component{
	"cloudcore": {
		defaults: func() any { return newCloudConfig() },
		validate: func(config any, scratch string) field.ErrorList {
			loaded := config.(*cloudConfig)
			present(&loaded.KubeAPIConfig.KubeConfig, scratch)
			socket(&loaded.Modules.CloudHub.UnixSocket.Address, scratch)
			stream := loaded.Modules.CloudStream
			present(&stream.TLSStreamPrivateKeyFile, scratch)
			present(&stream.TLSStreamCertFile, scratch)
			present(&stream.TLSStreamCAFile, scratch)
			return validateCloud(loaded)
		},
	},
	"edgecore": {
		defaults: func() any { return newEdgeConfig() },
		validate: func(config any, scratch string) field.ErrorList {
			loaded := config.(*edgeConfig)
			folder(&loaded.DataBase.DataSource, scratch)
			return validateEdge(loaded)
		},
	},
}
