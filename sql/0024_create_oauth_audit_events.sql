CREATE TABLE IF NOT EXISTS oauth_audit_events (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    occurred_at DATETIME NOT NULL,
    event VARCHAR(40) NOT NULL,
    user_id VARCHAR(36) NULL,
    client_id VARCHAR(36) NULL,
    token_id VARCHAR(100) NULL COMMENT 'of an access token; never the token',
    address VARCHAR(45) NOT NULL COMMENT 'of whoever asked; console for a command',
    request_id VARCHAR(64) CHARACTER SET utf8mb4 NOT NULL COMMENT 'as in the logs; of a command, who ran it',
    detail VARCHAR(191) CHARACTER SET utf8mb4 NULL,
    PRIMARY KEY (id),
    KEY user (user_id, event, address),
    KEY time (occurred_at)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin COMMENT='Who did what, when and from where; rows are added, and purged when they are old'
