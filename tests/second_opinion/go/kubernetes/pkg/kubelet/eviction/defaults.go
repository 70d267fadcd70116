package eviction

var DefaultEvictionHard map[string]string
