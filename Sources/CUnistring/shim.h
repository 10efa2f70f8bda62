#pragma once
#include <uninorm.h>

// Swift does not import a name that is a macro with a cast.
static inline uint8_t *consulate_nfc(const uint8_t *text, size_t count, size_t *length) {
    return u8_normalize(UNINORM_NFC, text, count, NULL, length);
}
