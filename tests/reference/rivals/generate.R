# Makes data.csv, the models and the reference numbers of this folder. Run inside this folder: Rscript generate.R
suppressMessages({library(lavaan); library(semTools)})
set.seed(19991122)
n <- 700
jq <- rnorm(n)
gamma <- c(.8, .7, .6, .75)
own <- sapply(gamma, function(g) sqrt(1 - g^2) * rnorm(n))
dimension <- sweep(own, 2, 0, "+") + outer(jq, gamma)
sat <- .7 * jq + sqrt(1 - .49) * rnorm(n)
com <- .4 * jq + .35 * sat + .7 * rnorm(n)
tin <- -.4 * sat - .3 * com + .7 * rnorm(n)
load <- c(.82, .71, .64, .77)
# items of a dimension differ in what job quality gives them beyond it: the bifactor model, not the second order
items <- function(f, name, more = c(.35, 0, -.2, .15)) {
  y <- sapply(1:4, function(k) load[k] * f + more[k] * jq + sqrt(1 - load[k]^2) * rnorm(n))
  # answers on seven points, of unequal spread
  y <- apply(sweep(y, 2, c(1.6, 1.3, 1.1, 1.5), "*"), 2, function(v) pmin(pmax(round(4 + v), 1), 7))
  colnames(y) <- paste0(name, 1:4)
  y
}
names_d <- c("OPP", "AMB", "CON", "SUP")
data <- as.data.frame(cbind(do.call(cbind, lapply(1:4, function(k) items(dimension[, k], names_d[k]))),
                            items(sat, "SAT", rep(0, 4)), items(com, "COM", rep(0, 4)), items(tin, "TIN", rep(0, 4))))
write.csv(data, "data.csv", row.names = FALSE)

lines <- function(f) sapply(f, function(one) paste0(one, " =~ ", paste0(one, 1:4, collapse = " + ")))
dims <- lines(names_d)
every <- paste0("JQ =~ ", paste(unlist(lapply(names_d, paste0, 1:4)), collapse = " + "))
pairs <- combn(c("JQ", names_d), 2)
models <- list(
  one_factor = every,
  dimensions = dims,
  higher = c(dims, "JQ =~ OPP + AMB + CON + SUP"),
  bifactor = c(every, dims, paste0(pairs[1, ], " ~~ 0*", pairs[2, ])),
  # the composite as its authors draw it: no residual, scaled by SAT
  composite = c(dims, lines(c("SAT", "COM", "TIN")), "JQ =~ 0*OPP1", "JQ ~ OPP + AMB + CON + SUP", "JQ ~~ 0*JQ",
                "SAT ~ 1*JQ", "COM ~ SAT + JQ", "TIN ~ SAT + COM"),
  second_order = c(dims, lines(c("SAT", "COM", "TIN")), "JQ =~ OPP + AMB + CON + SUP",
                   "SAT ~ JQ", "COM ~ SAT + JQ", "TIN ~ SAT + COM"))
fits <- lapply(models, function(m) sem(paste(m, collapse = "\n"), data))
stopifnot(all(sapply(fits, lavInspect, "converged")))
for (name in names(models)) writeLines(models[[name]], paste0(name, ".txt"))

out <- function(x, file) write.csv(format(as.data.frame(x), digits = 15), file, quote = FALSE)
measures <- c("chisq", "df", "npar", "cfi", "rmsea", "srmr", "aic", "bic", "bic2")
out(t(sapply(fits, fitMeasures, measures)), "fit.csv")
lrt <- function(a, b) { t <- lavTestLRT(fits[[a]], fits[[b]]); unlist(t[2, c("Chisq diff", "Df diff", "Pr(>Chisq)")]) }
out(rbind("one_factor<dimensions" = lrt("one_factor", "dimensions"), "higher<dimensions" = lrt("higher", "dimensions"),
          "higher<bifactor" = lrt("higher", "bifactor"), "second_order<composite" = lrt("second_order", "composite")),
    "tests.csv")
quiet <- function(x) suppressMessages(suppressWarnings(x))
out(data.frame(value = quiet(reliabilityL2(fits$higher, "JQ"))), "level2.csv")
out(data.frame(omega = unlist(quiet(compRelSEM(fits$higher, obs.var = FALSE, higher = "JQ")))), "higher_omega.csv")
out(data.frame(omega = unlist(quiet(compRelSEM(fits$bifactor, obs.var = FALSE, return.total = TRUE)))), "bifactor_omega.csv")
r <- quiet(reliability(fits$dimensions))
out(rbind(r, ave = AVE(fits$dimensions)[colnames(r)]), "reliability.csv")
std <- standardizedSolution(fits$dimensions); std <- std[std$op == "=~", ]
out(data.frame(ave = tapply(std$est.std^2, std$lhs, mean)), "ave_standardised.csv")
blocks <- paste(dims, collapse = "\n")
out(unclass(quiet(htmt(blocks, data, htmt2 = FALSE))), "htmt.csv")
out(unclass(quiet(htmt(blocks, data, htmt2 = TRUE))), "htmt2.csv")
s <- standardizedSolution(fits$composite)
out(s[s$op == "~", c("lhs", "rhs", "est.std", "se")], "composite_paths.csv")
latent <- lavInspect(fits$composite, "cov.lv")
out(data.frame(correlation = cov2cor(latent)[names_d, "JQ"]), "composite_correlations.csv")
mi <- modindices(fits$dimensions, op = "=~")
mi <- mi[order(-mi$mi), c("lhs", "rhs", "mi", "epc", "sepc.all")]
out(mi, "cross_loadings.csv")
# alpha's distribution-free standard error from the fourth moments, without influence functions
alpha_se <- function(x) {
  x <- as.matrix(x); k <- ncol(x); n <- nrow(x); z <- scale(x, scale = FALSE)
  index <- which(lower.tri(diag(k), diag = TRUE), arr.ind = TRUE)
  products <- apply(index, 1, function(i) z[, i[1]] * z[, i[2]])
  gamma <- crossprod(scale(products, scale = FALSE)) / n
  S <- crossprod(z) / n; V <- sum(S); T <- sum(diag(S)); diagonal <- index[, 1] == index[, 2]
  slope <- k / (k - 1) * ifelse(diagonal, -(V - T) / V^2, 2 * T / V^2)
  sqrt(drop(slope %*% gamma %*% slope) / n)
}
out(data.frame(se = sapply(names_d, function(f) alpha_se(data[, paste0(f, 1:4)]))), "alpha_se.csv")
