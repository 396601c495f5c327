/* A source without warnings, with which src/cc.rs tries a compiler's flags. */
extern int nothing;
int nothing = 1;
