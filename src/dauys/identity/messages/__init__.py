"""Messages to voters: kept first, sent after, by the gateways that the operator named."""
