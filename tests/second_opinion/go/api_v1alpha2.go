//go:build api_v1alpha2

package main

import (
	cloudcore "github.com/kubeedge/api/apis/componentconfig/cloudcore/v1alpha1"
	cloudvalidation "github.com/kubeedge/api/apis/componentconfig/cloudcore/v1alpha1/validation"
	edgecore "github.com/kubeedge/api/apis/componentconfig/edgecore/v1alpha2"
	edgevalidation "github.com/kubeedge/api/apis/componentconfig/edgecore/v1alpha2/validation"
)

type (
	cloudConfig = cloudcore.CloudCoreConfig
	edgeConfig  = edgecore.EdgeCoreConfig
)

var (
	newCloudConfig = cloudcore.NewDefaultCloudCoreConfig
	newEdgeConfig  = edgecore.NewDefaultEdgeCoreConfig
	validateCloud  = cloudvalidation.ValidateCloudCoreConfiguration
	validateEdge   = edgevalidation.ValidateEdgeCoreConfiguration
)
