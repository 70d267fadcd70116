"""What of a change may be shown: secrets are found, and hidden wherever they are met."""
