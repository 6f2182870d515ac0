# Makes data.csv and the reference numbers of this folder. Run inside this folder: Rscript generate.R
suppressMessages(library(lavaan))
set.seed(19990106)
n <- 180
f <- rnorm(n); z <- .4 * f + rnorm(n)
data <- data.frame(x1 = f + rnorm(n), x2 = .8 * f + rnorm(n), x3 = .9 * f + rnorm(n), x4 = .7 * f + rnorm(n),
                   age = .3 * f + rnorm(n), z = z, noise1 = rnorm(n), noise2 = rnorm(n), noise3 = rnorm(n), noise4 = rnorm(n))
data <- round(data, 4)
write.csv(data, "data.csv", row.names = FALSE)
cases <- list(
  saturated = "f =~ x1 + x2 + x3",                                   # df 0
  perfect = "f =~ x1 + x2 + x3 + x4",                                # chi-square below df is possible
  covariates = "f =~ x1 + x2 + x3 + x4\nf ~ age + z",                # observed exogenous variables
  misfit = "f =~ x1 + x2\ng =~ x3 + x4\nh =~ age + z\nf ~~ 0*g + 0*h\ng ~~ 0*h\nage ~~ 1*age\nx1 ~~ 1*x1\nx3 ~~ 1*x3",
  # nothing is related: the baseline chi-square is near its df
  noise = "noise1 ~ noise2 + noise3\nnoise4 ~ noise2 + noise3\nnoise1 ~~ 0*noise4")
for (name in names(cases)) {
  writeLines(cases[[name]], paste0(name, ".txt"))
  fit <- sem(cases[[name]], data)
  m <- fitMeasures(fit)
  write.csv(data.frame(name = names(m), value = format(as.numeric(m), digits = 15)), paste0(name, ".csv"),
            row.names = FALSE, quote = FALSE)
}
# interval and close-fit test over a grid of chi-square, df and n, straight from R's noncentral chi-square
grid <- expand.grid(chi_square = c(5, 30, 120, 900), df = c(1, 24, 100), n = c(60, 577))
bound <- function(x, df, p) if (pchisq(x, df) <= p) 0 else
  uniroot(function(l) pchisq(x, df, l) - p, c(0, 4 * x + 200), tol = 1e-12)$root
grid$low <- mapply(function(x, d, n) sqrt(bound(x, d, .95) / (n * d)), grid$chi_square, grid$df, grid$n)
grid$high <- mapply(function(x, d, n) sqrt(bound(x, d, .05) / (n * d)), grid$chi_square, grid$df, grid$n)
grid$close_p <- mapply(function(x, d, n) pchisq(x, d, n * d * .05^2, lower.tail = FALSE), grid$chi_square, grid$df, grid$n)
write.csv(format(grid, digits = 15), "rmsea.csv", row.names = FALSE, quote = FALSE)
