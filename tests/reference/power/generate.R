# Power and sample size of tests of the RMSEA by semTools. Run in this folder: Rscript generate.R
suppressMessages(library(semTools))
tests <- list(close = c(.05, .08), exact = c(0, .05), not_close = c(.05, .01), wide = c(.06, .10))
rows <- list()
for (name in names(tests)) for (df in c(5, 10, 35, 100, 1632)) for (n in c(100, 300, 577)) {
  e <- tests[[name]]
  rows[[length(rows) + 1]] <- data.frame(test = name, null = e[1], alternative = e[2], df = df, n = n, alpha = .05,
    power = findRMSEApower(rmsea0 = e[1], rmseaA = e[2], df = df, n = n, alpha = .05))
}
power <- do.call(rbind, rows)
power$power <- sprintf("%.12g", power$power)
write.csv(power, "power.csv", row.names = FALSE, quote = FALSE)
rows <- list()
for (name in names(tests)) for (df in c(10, 35, 100)) for (wanted in c(.8, .9)) {
  e <- tests[[name]]
  rows[[length(rows) + 1]] <- data.frame(test = name, null = e[1], alternative = e[2], df = df, wanted = wanted, alpha = .05,
    n = findRMSEAsamplesize(rmsea0 = e[1], rmseaA = e[2], df = df, power = wanted, alpha = .05))
}
write.csv(do.call(rbind, rows), "sample_size.csv", row.names = FALSE, quote = FALSE)
