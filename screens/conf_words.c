/*
 * password_command and token_command are run without a shell: this says what their words are. What
 * would need a shell is refused here, because it would fail in a way that is hard to understand.
 */
#include "screens/conf_words.h"

#include "zm/str.h"

static bool refuse(struct zm_error *err, const char *why)
{
    zm_error_set(err, ZM_ERR_CONFIG, "", "", "%s", why);
    return zm_error_hint(err, "commands run without a shell; quote it, or run sh -c '...'");
}

/* One word into the buffer; *at is behind it afterwards. */
static bool take_word(const char **at, struct zm_buf *word, struct zm_error *err)
{
    const char *s = *at;
    char quote = '\0';

    zm_buf_add(word, "", 0);
    for (; *s && (quote || (*s != ' ' && *s != '\t')); s++) {
        if (quote && *s == quote) {
            quote = '\0';
        } else if (!quote && (*s == '\'' || *s == '"')) {
            quote = *s;
        } else if (*s == '\\' && quote != '\'') {
            if (!s[1])
                return refuse(err, "the command ends in a backslash");
            zm_buf_add(word, ++s, 1);
        } else if (!quote && strchr("|&;<>$`", *s)) {
            return refuse(err, "the command holds a character that only a shell understands");
        } else {
            zm_buf_add(word, s, 1);
        }
    }
    *at = s;
    return quote ? refuse(err, "the command has a quote that is not closed") : true;
}

bool conf_words_split(const char *text, struct zm_arena *arena, const char *const **ret,
                      struct zm_error *err)
{
    const char **argv = zm_arena_zalloc(arena, (CONF_WORDS_MAX + 1) * sizeof(*argv));
    size_t n = 0;

    for (text += strspn(text, " \t"); *text; text += strspn(text, " \t")) {
        struct zm_buf word = {.s = NULL};
        bool ok = take_word(&text, &word, err);

        if (ok && n == CONF_WORDS_MAX)
            ok = refuse(err, "the command has too many words");
        if (ok)
            argv[n++] = zm_arena_strdup(arena, word.s);
        zm_buf_done(&word);
        if (!ok)
            return false;
    }
    if (n == 0 || !argv[0][0])
        return refuse(err, "the command is empty");
    *ret = argv;
    return true;
}
