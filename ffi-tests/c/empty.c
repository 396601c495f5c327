/* What a compiler is asked about its flags with: no warning fits. */
extern int nothing;
int nothing = 1;
