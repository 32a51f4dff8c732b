/*
 * A line of input: text, cursor, and the keys that people have in their fingers. A character with
 * its combining marks is moved over and deleted as one.
 */
#include "tui/edit.h"

#include <string.h>
#include <wchar.h>

#include "tui/text.h"
#include "zm/str.h"

/* Combining marks and joiners belong to the character before. */
static bool joins(int32_t c)
{
    return c >= 0x300 && wcwidth((wchar_t)c) == 0;
}

static size_t next_place(const struct tui_edit *edit, size_t at)
{
    int32_t c;

    if (at >= edit->len)
        return edit->len;
    at += tui_utf8_decode(edit->text + at, edit->len - at, &c);
    while (at < edit->len) {
        size_t n = tui_utf8_decode(edit->text + at, edit->len - at, &c);

        if (!joins(c))
            break;
        at += n;
    }
    return at;
}

static size_t previous_place(const struct tui_edit *edit, size_t at)
{
    size_t place = 0, next;

    while (place < at && (next = next_place(edit, place)) < at)
        place = next;
    return place < at ? place : at;
}

static bool in_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (unsigned char)c >= 0x80;
}

static size_t word_left(const struct tui_edit *edit)
{
    size_t at = edit->at;

    while (at > 0 && !in_word(edit->text[at - 1]))
        at--;
    while (at > 0 && in_word(edit->text[at - 1]))
        at--;
    return at;
}

static size_t word_right(const struct tui_edit *edit)
{
    size_t at = edit->at;

    while (at < edit->len && !in_word(edit->text[at]))
        at++;
    while (at < edit->len && in_word(edit->text[at]))
        at++;
    return at;
}

static void remove_range(struct tui_edit *edit, size_t from, size_t to)
{
    memmove(edit->text + from, edit->text + to, edit->len - to + 1);
    edit->len -= to - from;
    edit->at = from;
}

static void insert(struct tui_edit *edit, int32_t c)
{
    char bytes[5];
    size_t n = tui_utf8_encode(c, bytes);

    if (edit->len + n > TUI_EDIT_MAX)
        return;
    memmove(edit->text + edit->at + n, edit->text + edit->at, edit->len - edit->at + 1);
    memcpy(edit->text + edit->at, bytes, n);
    edit->len += n;
    edit->at += n;
}

/* Nobody sees what control characters, and those of the direction, do to a line. */
static bool is_typed(int32_t c)
{
    return c >= 0x20 && c != 0x7f && !(c >= 0x80 && c < 0xa0) && c < 0x110000 &&
           !(c >= 0xd800 && c <= 0xdfff) && !(c >= 0x202a && c <= 0x202e) &&
           !(c >= 0x2066 && c <= 0x2069);
}

void tui_edit_set(struct tui_edit *edit, const char *text)
{
    edit->len = edit->at = 0;
    edit->text[0] = '\0';
    tui_edit_paste(edit, text, strlen(text));
}

void tui_edit_paste(struct tui_edit *edit, const char *text, size_t len)
{
    size_t i = 0;

    while (i < len && text[i] != '\n' && text[i] != '\r') {
        int32_t c;

        i += tui_utf8_decode(text + i, len - i, &c);
        if (is_typed(c))
            insert(edit, c);
    }
}

static bool edit_ctrl(struct tui_edit *edit, int key)
{
    switch (key & ~TUI_KEY_CTRL) {
    case 'a':
        edit->at = 0;
        return true;
    case 'e':
        edit->at = edit->len;
        return true;
    case 'b':
        edit->at = previous_place(edit, edit->at);
        return true;
    case 'f':
        edit->at = next_place(edit, edit->at);
        return true;
    case 'd':
        remove_range(edit, edit->at, next_place(edit, edit->at));
        return true;
    case 'h':
        remove_range(edit, previous_place(edit, edit->at), edit->at);
        return true;
    case 'u':
        remove_range(edit, 0, edit->at);
        return true;
    case 'k':
        remove_range(edit, edit->at, edit->len);
        return true;
    case 'w':
        remove_range(edit, word_left(edit), edit->at);
        return true;
    default:
        return false;
    }
}

static bool edit_alt(struct tui_edit *edit, int key)
{
    switch (key & ~TUI_KEY_ALT) {
    case 'b':
        edit->at = word_left(edit);
        return true;
    case 'f':
        edit->at = word_right(edit);
        return true;
    case 'd':
        remove_range(edit, edit->at, word_right(edit));
        return true;
    case TUI_KEY_BACKSPACE:
        remove_range(edit, word_left(edit), edit->at);
        return true;
    default:
        return false;
    }
}

static bool edit_special(struct tui_edit *edit, int key)
{
    switch (key) {
    case TUI_KEY_LEFT:
        edit->at = previous_place(edit, edit->at);
        return true;
    case TUI_KEY_RIGHT:
        edit->at = next_place(edit, edit->at);
        return true;
    case TUI_KEY_HOME:
        edit->at = 0;
        return true;
    case TUI_KEY_END:
        edit->at = edit->len;
        return true;
    case TUI_KEY_BACKSPACE:
        remove_range(edit, previous_place(edit, edit->at), edit->at);
        return true;
    case TUI_KEY_DELETE:
        remove_range(edit, edit->at, next_place(edit, edit->at));
        return true;
    default:
        return false;
    }
}

bool tui_edit_key(struct tui_edit *edit, int key)
{
    if (key & TUI_KEY_ALT)
        return edit_alt(edit, key);
    if (key & TUI_KEY_CTRL)
        return edit_ctrl(edit, key);
    if (is_typed(key)) {
        insert(edit, key);
        return true;
    }
    return edit_special(edit, key);
}

void tui_edit_draw(struct tui *tui, struct tui_box box, int row, int col, int cells,
                   const struct tui_edit *edit)
{
    bool ascii = tui_is_ascii(tui);
    char before[TUI_EDIT_MAX + 1];
    size_t from = 0;
    int width;

    if (cells < 2)
        return;
    memcpy(before, edit->text, edit->at);
    before[edit->at] = '\0';
    while ((width = tui_text_cells(before + from, ascii)) >= cells)
        from = next_place(edit, from);
    tui_draw_field(tui, box, row, col, cells, TUI_LEFT, TUI_TEXT, edit->text + from);
    tui_cursor(tui, box.row + row, box.col + col + width);
}
