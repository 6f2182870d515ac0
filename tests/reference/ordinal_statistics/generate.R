# Makes data.csv too. Run inside this folder: Rscript generate.R
# No model is compared: obs.csv and gamma.csv are the sample statistics lavaan's categorical estimators start from.
suppressMessages(library(lavaan))
out <- function(x, file) write.csv(x, file, row.names = FALSE, na = "")

# eight variables of one factor: two continuous (y2 skewed), six ordered with 2 to 7 categories, some of them skewed
set.seed(20261121)
n <- 400
f <- rnorm(n)
z <- function(loading) loading * f + sqrt(1 - loading^2) * rnorm(n)
cut_at <- function(x, ...) findInterval(x, c(...)) + 1
data <- data.frame(
  u1 = cut_at(z(.8), -.3), y1 = round(3 + 1.7 * z(.7), 3), u2 = cut_at(z(.7), -1.6, -.9, 0, .8),
  u3 = cut_at(z(.6), 1.1), y2 = round(exp(.6 * z(.6)), 3), u4 = cut_at(z(.9), -1, .4),
  u5 = cut_at(z(.85), -2.2, -1.8, -1.1, -.5, .3, 1.2), u6 = cut_at(-z(.9), -.5, 0, .6, 1.5))
write.csv(data, "data.csv", row.names = FALSE)

fitted_by_lavaan <- function(data, ordered) {
  model <- if (ncol(data) == 2) "a ~~ b" else paste("f =~", paste(names(data), collapse = " + "))
  sem(model, data, ordered = ordered, estimator = "WLSMV")
}
fit <- fitted_by_lavaan(data, paste0("u", 1:6))
obs <- lavInspect(fit, "wls.obs")
out(data.frame(label = names(obs), value = as.numeric(obs)), "obs.csv")
out(as.data.frame(unclass(lavInspect(fit, "gamma"))), "gamma.csv")

# tables with empty cells, by rows; value and row of gamma of the polychoric correlation
tables <- list(
  fourfold_1 = rbind(c(40, 0), c(20, 40)), fourfold_2 = rbind(c(40, 20), c(0, 40)),
  fourfold_3 = rbind(c(0, 30), c(20, 50)), fourfold_4 = rbind(c(30, 20), c(50, 0)),
  fourfold_full = rbind(c(40, 10), c(15, 35)), ninefold = rbind(c(40, 10, 0), c(9, 30, 8), c(0, 7, 30)),
  sixfold = rbind(c(0, 10, 25), c(30, 20, 4)))
cases <- function(t) data.frame(a = rep(row(t), t), b = rep(col(t), t))
one <- function(name) {
  t <- tables[[name]]
  fit <- fitted_by_lavaan(cases(t), c("a", "b"))
  gamma <- unclass(lavInspect(fit, "gamma"))
  data.frame(table = name, rows = nrow(t), columns = ncol(t), counts = paste(t(t), collapse = " "),
             rho = tail(as.numeric(lavInspect(fit, "wls.obs")), 1),
             gamma = paste(format(gamma[nrow(gamma), ], digits = 15), collapse = " "))
}
out(do.call(rbind, lapply(names(tables), one)), "tables.csv")

# bivariate normal probabilities, from mnormt (Genz's algorithm), correlations up to 0.999, remote thresholds
grid <- expand.grid(h = c(-5, -2.5, -1, -.001, 0, .7, 3), k = c(-6, -1.2, -.5, 0, 1e-9, 1, 2.6, 5),
                    rho = c(-.999, -.99, -.93, -.6, -.1, 0, .3, .8, .92, .97, .999))
p <- apply(grid, 1, function(g) mnormt::biv.nt.prob(Inf, c(-Inf, -Inf), c(g[1], g[2]), c(0, 0),
                                                    matrix(c(1, g[3], g[3], 1), 2)))
out(cbind(grid, p = p), "bivariate.csv")
