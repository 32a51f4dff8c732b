/*
 * What was entered in the palette, kept between starts. Losing it loses no truth, so nothing is
 * said when the file cannot be read or written.
 */
#include "screens/palette.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "tui/edit.h"

void palette_load_history(struct app *app)
{
    const char *path = conf_state_path(app->conf, "history");
    char line[TUI_EDIT_MAX + 2];
    FILE *file = path && !app->history.lines ? fopen(path, "r") : NULL;

    if (!file)
        return;
    while (fgets(line, sizeof(line), file)) {
        struct tui_edit clean;
        size_t len = strcspn(line, "\n");

        if (line[len] != '\n')
            continue; /* longer than anything that was entered here */
        line[len] = '\0';
        tui_edit_set(&clean, line);
        tui_history_add(&app->history, clean.text);
    }
    fclose(file);
}

void palette_save_history(struct app *app)
{
    const char *path = app->history.n ? conf_state_path(app->conf, "history") : NULL;
    const char *next = path ? zm_arena_printf(&app->frame, "%s.new", path) : NULL;
    int fd = next ? open(next, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600) : -1;
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    bool ok;
    size_t i;

    if (!file) {
        if (fd >= 0)
            close(fd);
        return;
    }
    for (i = 0; i < app->history.n; i++)
        fprintf(file, "%s\n", app->history.lines[i]);
    ok = !ferror(file);
    if (fclose(file) != 0 || !ok || rename(next, path) != 0)
        (void)unlink(next);
}
