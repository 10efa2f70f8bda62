CREATE TABLE IF NOT EXISTS oauth_known_networks (
    user_id VARCHAR(36) NOT NULL,
    network VARCHAR(45) NOT NULL COMMENT 'an IPv4 address or an IPv6 /64',
    expires_at DATETIME NOT NULL,
    PRIMARY KEY (user_id, network),
    KEY expiry (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin COMMENT='Networks from which users have signed in within 30 days'
