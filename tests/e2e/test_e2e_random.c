/*
 * Keys, pastes, mouse garbage and sizes at random, for ZM_RANDOM_SECONDS (8): the console neither
 * ends nor hangs, sends nothing that it should not, and restores the terminal. The seed is printed;
 * ZM_RANDOM_SEED repeats a run. Run under the sanitizers by ./run test, for minutes by ./run
 * torture.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/demo.h"
#include "support/vt.h"
#include "zm/clock.h"

/* Everything but what leaves: q at the top, Q, F10, Esc 0, Ctrl-C, Ctrl-Z. */
static const char *const keys[] = {
    "j",    "k",         "g",      "G",   "Down",   "Up",     "PgDn",   "PgUp",   "Home",
    "End",  "Enter",     "Esc",    "Tab", "S-Tab",  "]",      "[",      "z",      "n",
    "N",    "s",         "I",      "c",   "w",      "y",      "Z",      "R",      "Space",
    "U",    "V",         "*",      "?",   "1",      "4",      "6",      "7",      "-",
    "Left", "Right",     "J",      "K",   "Ctrl-D", "Ctrl-U", "Ctrl-L", "%",      "x",
    "l",    "Backspace", "Delete", "F1",  "F5",     "Ctrl-F", "Ctrl-B", "Ctrl-R", "Alt-x"};
static const char *const texts[] = {"/ana",          "/tier:pro !x", "/\"",  "/sync:differs",
                                    ":sort id",      ":time local",  ":fil", "/whale",
                                    "/\xe5\xb1\xb1", "/%_\\"};
/* What terminals send that is no key. */
static const char *const garbage[] = {"\x1b[M !!",       "\x1b[<0;10;10M", "\x1b[<64;5;5M",
                                      "\x1b[?1;2c",      "\x1b[24;80R",    "\x1b[999;999;999~",
                                      "\x1b]52;c;x\x07", "\xff\xfe",       "\x1b[1;5D"};

static uint64_t next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

#define PICK(array, seed) ((array)[next(seed) % (sizeof(array) / sizeof((array)[0]))])

static void one_step(struct vt *vt, uint64_t *seed)
{
    switch (next(seed) % 40) {
    case 0:
        vt_resize(vt, (int)(5 + next(seed) % 60), (int)(20 + next(seed) % 220));
        break;
    case 1:
    case 2:
        vt_type(vt, PICK(texts, seed));
        break;
    case 3:
        vt_paste(vt, "pasted\nlines y y y\x1b[31m");
        break;
    case 4:
        vt_type(vt, PICK(garbage, seed));
        break;
    default:
        vt_keys(vt, PICK(keys, seed));
        break;
    }
}

static long from_environment(const char *name, long otherwise)
{
    const char *text = getenv(name);

    return text ? strtol(text, NULL, 10) : otherwise;
}

static void test_random_keys(void **state)
{
    struct demo demo;
    const char *const argv[] = {ZM_BINARY, "-c", demo.conf, NULL};
    uint64_t seed = (uint64_t)from_environment("ZM_RANDOM_SEED", (long)zm_now_us() * 2 + 1);
    int64_t until = zm_now_ms() + 1000 * from_environment("ZM_RANDOM_SECONDS", 8);
    struct vt *vt;

    (void)state;
    demo_shared(&demo);
    vt = vt_start(argv, NULL, 24, 80);
    print_message("seed %lld\n", (long long)seed);
    vt_wait(vt, "[ok]", VT_SOON_MS);
    while (zm_now_ms() < until) {
        int i;

        for (i = 0; i < 25; i++)
            one_step(vt, &seed);
        vt_pump(vt);
        assert_int_equal(kill(vt_pid(vt), 0), 0);
        vt_settle(vt, 20, 200);
    }
    vt_resize(vt, 24, 80);
    vt_keys(vt, "Esc");
    vt_settle(vt, 300, VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_settle(vt, 300, VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_settle(vt, 300, VT_SOON_MS);
    vt_type(vt, "Q");
    assert_int_equal(vt_wait_exit(vt, VT_SOON_MS), 0);
    vt_check_restored(vt);
    vt_check_stream(vt);
    vt_done(vt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_random_keys)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
