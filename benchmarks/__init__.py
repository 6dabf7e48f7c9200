"""What Dauys costs in time and space, measured beside its peers where there are any."""
