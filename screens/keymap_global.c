/*
 * The keys of every screen. A letter means the same wherever it works; Ctrl-D pages and never
 * destroys.
 */
#include "screens/app.h"

#include "zm/str.h"

// clang-format off
static const struct tui_binding bindings[] = {
    {"Enter",             APP_OPEN,       "open",       "open",    "open what the cursor is on", TUI_BIND_BAR},
    {"/",                 APP_FILTER,     "filter",     "filter",  "narrow the list; search in a text", TUI_BIND_BAR},
    {"j Down",            APP_DOWN,       "down",       "",        "next row", 0},
    {"k Up",              APP_UP,         "up",         "",        "previous row", 0},
    {"PgDn Ctrl-F",       APP_PAGE_DOWN,  "page-down",  "",        "a page down", 0},
    {"PgUp Ctrl-B",       APP_PAGE_UP,    "page-up",    "",        "a page up", 0},
    {"Ctrl-D",            APP_HALF_DOWN,  "half-down",  "",        "half a page down", 0},
    {"Ctrl-U",            APP_HALF_UP,    "half-up",    "",        "half a page up", 0},
    {"g Home",            APP_FIRST,      "first",      "",        "first row", 0},
    {"G End",             APP_LAST,       "last",       "",        "last row", 0},
    {"Left",              APP_LEFT,       "left",       "",        "scroll left", 0},
    {"Right",             APP_RIGHT,      "right",      "",        "scroll right", 0},
    {"Tab",               APP_NEXT_PANE,  "next-pane",  "",        "next pane", 0},
    {"S-Tab",             APP_PREV_PANE,  "prev-pane",  "",        "previous pane", 0},
    {"]",                 APP_NEXT_TAB,   "next-tab",   "",        "next tab of this pane", 0},
    {"[",                 APP_PREV_TAB,   "prev-tab",   "",        "previous tab of this pane", 0},
    {"z",                 APP_ZOOM,       "zoom",       "",        "zoom this pane", 0},
    {"n",                 APP_FIND_NEXT,  "next-match", "",        "next match; go on searching", 0},
    {"N",                 APP_FIND_PREV,  "prev-match", "",        "previous match", 0},
    {"y",                 APP_COPY,       "copy",       "copy",    "copy to the clipboard (OSC 52)", 0},
    {"R F5 Ctrl-R Alt-5", APP_REFRESH,    "refresh",    "refresh", "read again now", 0},
    {"Z",                 APP_PAUSE,      "pause",      "",        "pause and resume the live refresh", 0},
    {"-",                 APP_PREVIOUS_SCREEN, "previous", "",     "previous screen", 0},
    {"1",                 APP_SCREEN_1,     "screen-1", "",        "Users", TUI_BIND_HIDDEN},
    {"2",                 APP_SCREEN_1 + 1, "screen-2", "",        "Sync", TUI_BIND_HIDDEN},
    {"3",                 APP_SCREEN_1 + 2, "screen-3", "",        "Check", TUI_BIND_HIDDEN},
    {"4",                 APP_SCREEN_1 + 3, "screen-4", "",        "Health", TUI_BIND_HIDDEN},
    {"5",                 APP_SCREEN_1 + 4, "screen-5", "",        "Audit", TUI_BIND_HIDDEN},
    {"6",                 APP_SCREEN_1 + 5, "screen-6", "",        "Overview", TUI_BIND_HIDDEN},
    {"7",                 APP_SCREEN_1 + 6, "screen-7", "",        "Messages", TUI_BIND_HIDDEN},
    {":",                 APP_PALETTE,    "palette",    "cmd",     "run a command by name", TUI_BIND_BAR},
    {"? F1 Alt-1",        APP_HELP,       "help",       "help",    "all keys, searchable", TUI_BIND_BAR},
    {"Esc",               APP_ESCAPE,     "back",       "back",    "cancel, clear the filter, go back", TUI_BIND_FIXED},
    {"q",                 APP_CLOSE,      "close",      "",        "close this view; quit at the top", 0},
    {"Q F10 Alt-0",       APP_QUIT,       "quit",       "quit",    "quit", 0},
    {"Ctrl-C",            APP_CANCEL,     "cancel",     "",        "cancel what runs", TUI_BIND_FIXED},
    {"Ctrl-L",            APP_REDRAW,     "redraw",     "",        "draw the whole screen again", 0},
    {"Ctrl-Z",            APP_SUSPEND,    "suspend",    "",        "suspend to the shell", 0},
    {"%",                 APP_MOUSE,      "mouse",      "",        "mouse on or off", 0},
    {"",                  APP_CONNECT,    "connect",    "",        "connect to what is away, now", 0},
    {"",                  APP_LOCK,       "ro",         "",        "lock writes now; :rw unlocks them", 0},
    {"",                  APP_LOCAL_TIME, "time",       "",        "show times in UTC or in local time", 0},
};
// clang-format on

const struct tui_keymap keymap_global = {"global", "Everywhere", bindings, ZM_COUNT(bindings)};
