/*
 * Which key does what: the tables with what the configuration changed. Small numbers, so everything
 * is found by looking through.
 */
#include "tui/keymap.h"

#include <stdlib.h>
#include <string.h>

#include "tui/key.h"
#include "zm/str.h"

#define KEYS_PER_BINDING 8

struct slot { /* a binding and the keys it has now */
    const struct tui_keymap *map;
    const struct tui_binding *binding;
    char *text; /* owned */
    int key[KEYS_PER_BINDING];
    size_t n;
};

struct tui_keys {
    struct slot *slots;
    size_t n;
};

/* Reads "j Down"; false when a name is unknown (*bad, *bad_len) or there are too many. */
static bool read_keys(const char *text, int key[KEYS_PER_BINDING], size_t *ret_n, const char **bad,
                      size_t *bad_len)
{
    size_t n = 0;

    while (*(text += strspn(text, " "))) {
        size_t len = strcspn(text, " ");
        int value = tui_key_parse(text, len);

        if (value == TUI_KEY_NONE || n == KEYS_PER_BINDING) {
            *bad = text;
            *bad_len = len;
            return false;
        }
        key[n++] = value;
        text += len;
    }
    *ret_n = n;
    return true;
}

struct tui_keys *tui_keys_new(const struct tui_keymap *const *maps, size_t n)
{
    struct tui_keys *keys = zm_calloc(1, sizeof(*keys));
    const char *bad;
    size_t i, k, len;

    for (i = 0; i < n; i++)
        keys->n += maps[i]->n;
    keys->slots = zm_calloc(keys->n, sizeof(*keys->slots));
    keys->n = 0;
    for (i = 0; i < n; i++)
        for (k = 0; k < maps[i]->n; k++) {
            struct slot *slot = &keys->slots[keys->n++];

            slot->map = maps[i];
            slot->binding = &maps[i]->bindings[k];
            slot->text = zm_strdup(slot->binding->keys);
            read_keys(slot->text, slot->key, &slot->n, &bad, &len);
        }
    return keys;
}

void tui_keys_free(struct tui_keys *keys)
{
    size_t i;

    if (!keys)
        return;
    for (i = 0; i < keys->n; i++)
        free(keys->slots[i].text);
    free(keys->slots);
    free(keys);
}

static struct slot *slot_of(const struct tui_keys *keys, const struct tui_binding *binding)
{
    size_t i;

    for (i = 0; i < keys->n; i++)
        if (keys->slots[i].binding == binding)
            return &keys->slots[i];
    return NULL;
}

static struct slot *slot_named(const struct tui_keys *keys, const char *map, const char *name,
                               const char **near)
{
    size_t i, best = 4;

    *near = NULL;
    for (i = 0; i < keys->n; i++) {
        size_t distance;

        if (!zm_streq(keys->slots[i].map->name, map))
            continue;
        if (zm_streq(keys->slots[i].binding->name, name))
            return &keys->slots[i];
        distance = zm_edit_distance(keys->slots[i].binding->name, name);
        if (distance < best) {
            best = distance;
            *near = keys->slots[i].binding->name;
        }
    }
    return NULL;
}

static bool has_key(const struct slot *slot, int key)
{
    size_t i;

    for (i = 0; i < slot->n; i++)
        if (slot->key[i] == key)
            return true;
    return false;
}

/* The other action of the same map that has one of these keys, with `global` also one of every
 * screen; NULL: none. */
static const struct slot *clash(const struct tui_keys *keys, const struct slot *of, const int key[],
                                size_t n, bool global, int *which)
{
    size_t i, k;

    for (i = 0; i < keys->n; i++) {
        const struct slot *other = &keys->slots[i];

        if (other == of ||
            (other->map != of->map && !(global && zm_streq(other->map->name, "global"))))
            continue;
        for (k = 0; k < n; k++)
            if (has_key(other, key[k])) {
                *which = key[k];
                return other;
            }
    }
    return NULL;
}

/* A fixed key (X stops trading everywhere) may not mean anything else, in any map. */
static bool is_fixed(const struct tui_keys *keys, int key)
{
    size_t i;

    for (i = 0; i < keys->n; i++)
        if ((keys->slots[i].binding->flags & TUI_BIND_FIXED) && has_key(&keys->slots[i], key))
            return true;
    return false;
}

bool tui_keys_rebind(struct tui_keys *keys, const char *map, const char *name, const char *text,
                     struct zm_error *err)
{
    const char *near, *bad;
    struct slot *slot = slot_named(keys, map, name, &near);
    const struct slot *other;
    int key[KEYS_PER_BINDING], which = 0;
    size_t n, len, i;
    char shown[24];

    if (!slot) {
        zm_error_set(err, ZM_ERR_CONFIG, "", "bind keys", "there is no action keys.%s.%s", map,
                     name);
        return near ? zm_error_hint(err, "did you mean '%s'?", near) : false;
    }
    if (slot->binding->flags & TUI_BIND_FIXED)
        return zm_error_set(err, ZM_ERR_CONFIG, "", "bind keys", "keys.%s.%s cannot be changed",
                            map, name);
    if (!read_keys(text, key, &n, &bad, &len)) {
        zm_error_set(err, ZM_ERR_CONFIG, "", "bind keys", "keys.%s.%s: '%.*s' is no key", map, name,
                     (int)len, bad);
        return zm_error_hint(err, "write j, G, Enter, S-Tab, PgDn, F5, Ctrl-D, Alt-x");
    }
    other = clash(keys, slot, key, n, true, &which);
    if (other)
        return zm_error_set(err, ZM_ERR_CONFIG, "", "bind keys",
                            "keys.%s.%s: %s already means '%s'", map, name,
                            tui_key_name(which, shown), other->binding->name);
    for (i = 0; i < n; i++)
        if (is_fixed(keys, key[i]))
            return zm_error_set(err, ZM_ERR_CONFIG, "", "bind keys", "keys.%s.%s: %s is taken", map,
                                name, tui_key_name(key[i], shown));
    free(slot->text);
    slot->text = zm_strdup(text);
    memcpy(slot->key, key, sizeof(slot->key));
    slot->n = n;
    return true;
}

const struct tui_binding *tui_keys_by_name(const struct tui_keys *keys,
                                           const struct tui_keymap *map, const char *name)
{
    size_t i;

    for (i = 0; map && i < keys->n; i++)
        if (keys->slots[i].map == map && zm_streq(keys->slots[i].binding->name, name))
            return keys->slots[i].binding;
    return NULL;
}

/* What a row of a table must have whatever its keys are. */
static bool check_words(const struct tui_keys *keys, const struct slot *slot, struct zm_error *err)
{
    const struct tui_binding *b = slot->binding;
    const char *map = slot->map->name;

    if (!b->name || !b->name[0] || !b->help || !b->help[0])
        return zm_error_set(err, ZM_ERR_CONFIG, "", "bind keys",
                            "an action of '%s' (%d) lacks a name or help", map, b->action);
    if (tui_keys_by_name(keys, slot->map, b->name) != b)
        return zm_error_set(err, ZM_ERR_CONFIG, "", "bind keys", "%s.%s is there twice", map,
                            b->name);
    return true;
}

bool tui_keys_check(const struct tui_keys *keys, struct zm_error *err)
{
    size_t i;

    for (i = 0; i < keys->n; i++) {
        const struct slot *slot = &keys->slots[i], *other;
        int key[KEYS_PER_BINDING], which = 0;
        const char *bad;
        char shown[24];
        size_t n, len;

        if (!check_words(keys, slot, err))
            return false;
        if (!read_keys(slot->text, key, &n, &bad, &len))
            return zm_error_set(err, ZM_ERR_CONFIG, "", "bind keys", "%s.%s: '%.*s' is no key",
                                slot->map->name, slot->binding->name, (int)len, bad);
        other = clash(keys, slot, slot->key, slot->n, false, &which);
        if (other)
            return zm_error_set(err, ZM_ERR_CONFIG, "", "bind keys", "%s means both '%s' and '%s'",
                                tui_key_name(which, shown), slot->binding->name,
                                other->binding->name);
    }
    return true;
}

const struct tui_binding *tui_keys_find(const struct tui_keys *keys, const struct tui_keymap *map,
                                        int key)
{
    size_t i;

    for (i = 0; map && i < keys->n; i++)
        if (keys->slots[i].map == map && has_key(&keys->slots[i], key))
            return keys->slots[i].binding;
    return NULL;
}

const char *tui_keys_text(const struct tui_keys *keys, const struct tui_binding *binding)
{
    const struct slot *slot = slot_of(keys, binding);

    return slot ? slot->text : "";
}

const char *tui_keys_first(const struct tui_keys *keys, const struct tui_binding *binding,
                           char dst[24])
{
    const struct slot *slot = slot_of(keys, binding);

    dst[0] = '\0';
    if (slot && slot->n > 0)
        tui_key_name(slot->key[0], dst);
    return dst;
}
