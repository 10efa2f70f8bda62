CREATE TABLE IF NOT EXISTS oauth_replays (
    id CHAR(64) NOT NULL COMMENT 'SHA-256 of the kind and the marker',
    expires_at DATETIME NOT NULL,
    PRIMARY KEY (id),
    KEY expiry (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin COMMENT='One-time markers that were used; no route empties this table'
