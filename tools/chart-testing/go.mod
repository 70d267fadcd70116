module example.invalid/chart-testing

go 1.24.0

require github.com/helm/chart-testing/v3 v3.14.0
