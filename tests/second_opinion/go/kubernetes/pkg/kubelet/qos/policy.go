package qos

const KubeletOOMScoreAdj = -999
