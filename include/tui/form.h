/*
 * A dialog with fields and a question at its end: choices, flags, lines of text, and lines that are
 * only read. It takes only its own keys. Enter goes on to the question and is No there; Esc
 * cancels. What a field means, and whether the question may be asked, is the owner's.
 */
#ifndef TUI_FORM_H
#define TUI_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/draw.h"
#include "tui/edit.h"

struct tui_choice {
    int key; /* its letter, while the cursor is in no text */
    const char *label;
};

enum tui_field_kind { TUI_FIELD_CHOICE, TUI_FIELD_FLAG, TUI_FIELD_TEXT };

struct tui_field {
    enum tui_field_kind kind;
    const char *label;
    const char *text;                 /* beside a flag; in an empty text field; else NULL */
    bool hidden;                      /* not there now */
    const struct tui_choice *choices; /* TUI_FIELD_CHOICE */
    size_t n_choices, chosen;         /* chosen == n_choices: none yet */
    int key;                          /* TUI_FIELD_FLAG: switches it, at the question too; 0 none */
    bool on;
    struct tui_edit edit; /* TUI_FIELD_TEXT */
    /* TUI_FIELD_TEXT: what stands in it is a suggestion. The form begins at its question, and what
     * is typed into the field takes its place. */
    bool suggested;
};

/* A line that is only read; long text is wrapped under itself. */
struct tui_form_line {
    const char *label, *text;
    unsigned style; /* of the text */
};

struct tui_form {
    const char *title, *badge;
    const char *about; /* small print below the title: where this happens; NULL none */
    struct tui_field *fields;
    size_t n_fields;
    const struct tui_form_line *lines;
    size_t n_lines;
    size_t lines_before;  /* the lines stand before this field; n_fields: after all */
    const char *question; /* "Apply? y/N/d" */
    const char *answers;  /* the keys that answer it, but n: "yd" */
    const char *blocked;  /* why it cannot be asked; NULL: it can */
    size_t wanted;        /* blocked: the field to which Enter goes on; n_fields: none */
    const char *said;     /* about the last key, until the next; NULL none */
    const char *hint;     /* the keys, in the frame; NULL: those of every form */
    bool alarm;           /* drawn in the style of errors */

    size_t at;      /* the field with the cursor; n_fields: the question */
    int top;        /* rows scrolled away */
    bool moved;     /* the last key chose, and the cursor went on by itself: Tab stays */
    bool asked;     /* the question was on the screen with the cursor on it: it may be answered */
    int rows, page; /* of the body when last drawn: all, and those in sight */
};

enum tui_form_answer {
    TUI_FORM_OPEN,
    TUI_FORM_CHANGED,  /* a field has another value */
    TUI_FORM_ANSWERED, /* the question, with *ret_answer */
    TUI_FORM_CLOSED,   /* cancelled, or No */
};

/* Puts the cursor on the first field, or on the question where there is none. */
void tui_form_start(struct tui_form *form);
/* Puts it on the question, and the end of the body in sight. */
void tui_form_ask(struct tui_form *form);
enum tui_form_answer tui_form_key(struct tui_form *form, int key, int *ret_answer);
/* False: the cursor is in no text field, nothing was pasted. */
bool tui_form_paste(struct tui_form *form, const char *text, size_t len);
/* Centred, at most 76 cells wide, scrolled so that the cursor is seen. */
void tui_form_draw(struct tui *tui, struct tui_form *form);

#endif
