/*
 * The floor of the bench: a list of a million rows in bare ncurses, drawn the way the console
 * draws, with no database and nothing else. What it costs nobody can undercut with ncurses.
 */
#include <curses.h>
#include <locale.h>
#include <stdlib.h>
#include <unistd.h>

#define ROWS 1000000L

static void draw(long top, long cursor)
{
    int row, rows = LINES - 1;

    erase();
    for (row = 0; row < rows; row++) {
        long i = top + row;

        if (i == cursor)
            attron(A_REVERSE);
        mvprintw(row, 0, "%c  user%07ld@example.com   pro  yes |=|pro  on  1/1  yes",
                 i == cursor ? '>' : ' ', i);
        if (i == cursor) {
            hline(' ', COLS - getcurx(stdscr));
            attroff(A_REVERSE);
        }
    }
    mvprintw(rows, 0, "row %ld of %ld", cursor + 1, ROWS);
    refresh();
}

/* Takes what was typed ahead, then draws once. */
int main(void)
{
    long top = 0, cursor = 0;
    int key;

    setlocale(LC_ALL, "");
    if (!newterm(NULL, stdout, stdin))
        return 2;
    cbreak();
    noecho();
    keypad(stdscr, TRUE);
    curs_set(0);
    for (;;) {
        draw(top, cursor);
        timeout(-1);
        key = getch();
        timeout(0);
        do {
            long page = LINES - 1;

            if (key == 'q' || key == ERR) {
                endwin();
                return 0;
            }
            if (key == 'j' || key == KEY_DOWN)
                cursor += cursor + 1 < ROWS;
            else if (key == 'k' || key == KEY_UP)
                cursor -= cursor > 0;
            else if (key == KEY_NPAGE)
                cursor = cursor + page < ROWS ? cursor + page : ROWS - 1;
            if (cursor < top)
                top = cursor;
            if (cursor >= top + page)
                top = cursor - page + 1;
            key = getch();
        } while (key != ERR);
    }
}
