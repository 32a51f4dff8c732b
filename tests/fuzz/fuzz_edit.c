/*
 * Any keys and pastes through a line of input: the text stays valid, terminated and within its
 * limit, and the cursor stands on a character.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tui/edit.h"
#include "tui/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct tui_edit *edit)
{
    if (edit->len > TUI_EDIT_MAX || edit->at > edit->len || edit->text[edit->len] != '\0' ||
        strlen(edit->text) != edit->len)
        abort();
    if (edit->at < edit->len && ((unsigned char)edit->text[edit->at] & 0xc0) == 0x80)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tui_edit edit;
    size_t i = 0;

    memset(&edit, 0, sizeof(edit));
    while (i + 1 < size) {
        uint8_t op = data[i++];
        size_t n = data[i] < size - i ? data[i] : size - i;

        if (op % 4 == 0)
            tui_edit_paste(&edit, (const char *)data + i, n);
        else if (op % 4 == 1)
            tui_edit_key(&edit, TUI_KEY_ENTER + data[i] % 32);
        else if (op % 4 == 2)
            tui_edit_key(&edit, (data[i] & 1 ? TUI_KEY_CTRL : TUI_KEY_ALT) | (data[i] & 0x7f));
        else
            tui_edit_key(&edit, data[i] * 37);
        i += op % 4 == 0 ? n : 1;
        check(&edit);
    }
    return 0;
}
