package types

const ResolvConfDefault = "/etc/resolv.conf"
