CREATE TABLE IF NOT EXISTS oauth_cache (
    cache_key VARCHAR(400) NOT NULL,
    tags VARCHAR(191) NOT NULL DEFAULT '' COMMENT 'JSON array of the tags that it was written under; empty: none',
    value BIGINT NOT NULL,
    expires_at DATETIME NOT NULL,
    PRIMARY KEY (cache_key, tags),
    KEY expiry (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='What expires: failed sign-ins and throttles'
