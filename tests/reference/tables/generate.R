# Parameter tables by lavaan's defaults, no fitting. Run inside this folder: Rscript generate.R
source("../write.R")
data <- read.csv("../holzinger/data.csv")
data$x10 <- data$agemo
models <- c(
  marker_label = "f =~ a*x1 + x2 + x3 + x4",
  marker_shared = "f =~ a*x1 + a*x2 + x3 + x4",
  freed_marker = "f =~ NA*x1 + x2 + x3; f ~~ 1*f",
  fixed_later = "f =~ x1 + 1*x2 + -0.5*x3 + 1e-1*x4",
  mixed_outcomes = "f =~ x1 + x2 + x3\nx4 ~ f + sex\nx5 ~ sex + ageyr",
  indicator_leads = "f =~ x1 + x2 + x3\nx4 ~ x1\nx5 ~ x4",
  only_covariance = "f =~ x1 + x2 + x3\nx4 ~~ x5",
  single_in_higher = "f =~ x1 + x2 + x3\ng =~ x4\nh =~ g + f",
  only_factor = "f =~ x1 + x2 + x3\ng =~ f\ng ~ sex",
  single_with_error = "f =~ x1 + x2 + x3\ng =~ x4\nx4 ~~ 0.3*x4",
  single_shared = "f =~ x1 + x2 + x3\ng =~ x3",
  latent_outcomes = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\nh =~ x7 + x8 + x9\nk =~ sex + ageyr\ng + h + k ~ f",
  latent_and_observed_outcome = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\ng ~ f\nx9 ~ f",
  chain = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\nh =~ x7 + x8 + x9\ng ~ f\nh ~ g",
  path_only = "x3 ~ x2 + x1\nx4 ~ x3 + x1\nx5 ~ x3",
  mixed_order = "x1 ~~ x2\nf =~ x1 + x2 + x3 # first\ng ~ f ! second\n\ng =~ x4 +\n x5\n + x6",
  cross_loading = "f =~ x1 + x2 + x3 + x4\ng =~ x4 + x5 + x6\nf ~~ 0*g",
  second_order_outcome = "f =~ x1 + x2\ng =~ x3 + x4\nh =~ x5 + x6\nk =~ f + g + h\ny =~ x7 + x8 + x9\nf ~~ g\ny ~ k",
  covariates_two = "f =~ x1 + x2 + x3\nf ~ sex + ageyr + x10\nx9 ~ f + sex")
tables <- do.call(rbind, lapply(names(models), function(name) {
  p <- parTable(sem(models[[name]], data, do.fit = FALSE))
  cbind(model = name, p[p$op %in% c("=~", "~", "~~"), c("lhs", "op", "rhs", "user", "free", "ustart", "exo", "label")])
}))
out(tables, "tables.csv")
out(data.frame(model = names(models), text = unname(models)), "models.csv")

# The same with groups, means, ordered items and constraints: arguments in cases.csv, tables in case_tables.csv.
# Equality shows in the rows with op "==", between labels or lavaan's own names of rows (plabel).
data$half <- rep(c("a", "b"), length.out = nrow(data))
data$third <- rep(c("a", "b", "c"), length.out = nrow(data))
for (i in 1:6) data[[paste0("u", i)]] <- as.integer(cut(data[[paste0("x", i)]], if (i < 4) 3 else 4))
data$b1 <- as.integer(data$x1 > 4.5)
data <- cbind(data, read.csv("../political_democracy/data.csv")[rep(1:75, length.out = nrow(data)), paste0("y", 1:8)])
two <- "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6"
second <- "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\nh =~ x7 + x8 + x9\nk =~ f + g + h"
ordinal <- "f =~ u1 + u2 + u3\ng =~ u4 + u5 + u6"
u <- paste0("u", 1:6)
li <- c("loadings", "intercepts")
lt <- c("loadings", "thresholds")
everything <- c(li, "residuals", "residual.covariances", "lv.variances", "lv.covariances", "regressions", "means")
mixed <- paste0(two, "\ng ~ f\nx9 ~ f + sex\nx1 ~~ x4\nf ~~ x8")
cases <- list(
  means = list(two, meanstructure = TRUE),
  means_covariates = list("f =~ x1 + x2 + x3\nf ~ sex + ageyr\nx9 ~ f", meanstructure = TRUE),
  means_paths = list("x3 ~ x2 + x1\nx4 ~ x3 + x1", meanstructure = TRUE),
  means_second = list(second, meanstructure = TRUE),
  means_single = list("f =~ x1\ng =~ x4 + x5 + x6\ng ~ f", meanstructure = TRUE),
  intercepts = list("f =~ x1 + x2 + x3\nx1 ~ 0*1\nf ~ 1\nx2 ~ b*1\nx3 ~ 0.5*1"),
  latent_mean = list("f =~ x1 + x2 + x3\nx1 + x2 ~ i*1\nf ~ NA*1"),
  modifiers = list("f =~ NA*x1 + a*x1 + start(0.3)*x1 + x2 + start(-.7)*x3\nf ~~ 1*f"),
  start_first = list("f =~ start(0.4)*x1 + x2 + x3"),
  start_std_lv = list("f =~ x1 + x2 + x3\nf ~~ start(0.5)*f", std.lv = TRUE),
  start_first_groups = list("f =~ start(c(0.4, 0.6))*x1 + x2 + x3", group = "half"),
  covariance_order = list("f =~ x3 + x2\nx7 ~ f\nx1 ~ x7\nx2 ~~ x3\nx1 ~~ x7\nx1 ~~ x4\nf ~~ x3\nx2 ~~ f"),
  label_and_value = list("f =~ x1 + a*x2 + 0.5*x2 + x3"),
  political = list(paste(sep = "\n", "ind60 =~ x1 + x2 + x3", "dem60 =~ y1 + a*y2 + b*y3 + c*y4",
    "dem65 =~ y5 + a*y6 + b*y7 + c*y8", "dem60 ~ p*ind60", "dem65 ~ q*ind60 + r*dem60",
    "y1 ~~ y5", "y2 ~~ y4 + y6", "y3 ~~ y7", "y4 ~~ y8", "y6 ~~ y8", "ind := p*r", "tot := ind + q")),
  std_lv = list(second, std.lv = TRUE),
  std_lv_path = list(paste0(two, "\ng ~ f"), std.lv = TRUE),
  std_lv_single = list("f =~ x1\ng =~ x4 + x5 + x6\ng ~ f", std.lv = TRUE),
  std_lv_written = list("f =~ a*x1 + 1*x2 + NA*x3\ng =~ x4 + x5 + x6\nf ~~ f\ng ~~ NA*g", std.lv = TRUE),
  bifactor = list("G =~ x1 + x2 + x3 + x4 + x5 + x6\nf =~ x1 + x2 + x3\ng =~ x4 + x5 + x6", orthogonal = TRUE),
  orthogonal_outcomes = list("f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\nh =~ x7 + x8\ng ~ f\nh ~ f\nx9 ~ f", orthogonal = TRUE),
  equality = list("f =~ x1 + a*x2 + b*x3 + d*x4\na == b\nd == 2*a + 0.1"),
  equality_value = list("f =~ x1 + a*x2 + b*x3 + d*x4\n2*a + b == d\nb == 0.5"),
  equality_sum = list("f =~ NA*x1 + a*x1 + b*x2 + d*x3\nf ~~ v*f\n(a + b + d)/3 == 1\nk := a*b"),
  equality_groups = list("f =~ x1 + c(a1, a2)*x2 + c(b1, b2)*x3\na1 == b2\na2 - b1 == 0.2", group = "half"),
  configural_2 = list(two, group = "half"), configural_3 = list(two, group = "third"),
  metric_2 = list(two, group = "half", group.equal = "loadings"),
  metric_3 = list(two, group = "third", group.equal = "loadings"),
  scalar_2 = list(two, group = "half", group.equal = li), scalar_3 = list(two, group = "third", group.equal = li),
  strict_2 = list(two, group = "half", group.equal = c(li, "residuals")),
  strict_3 = list(two, group = "third", group.equal = c(li, "residuals")),
  intercepts_only = list(two, group = "half", group.equal = "intercepts"),
  means_equal = list(two, group = "half", group.equal = c(li, "means")),
  everything = list(mixed, group = "half", group.equal = everything),
  residual_covariances = list(mixed, group = "half", group.equal = "residual.covariances"),
  latent_covariances = list(mixed, group = "half", group.equal = "lv.covariances"),
  latent_variances = list(mixed, group = "third", group.equal = c("lv.variances", "regressions")),
  partial = list(two, group = "third", group.equal = li, group.partial = c("f =~ x2", "x2 ~1", "x5 ~ 1")),
  partial_covariance = list(mixed, group = "half", group.equal = everything, group.partial = c("x1 ~~ x4", "g ~ f")),
  label_groups = list("f =~ x1 + a*x2 + x3\ng =~ x4 + x5 + c(b, a)*x6", group = "half"),
  labels_groups = list("f =~ x1 + c(a1, a2)*x2 + x3\nx1 ~ c(i, i)*1", group = "half", group.equal = li),
  values_groups = list("f =~ c(NA, 1)*x1 + c(1, NA)*x2 + c(-1, .5)*x3 + start(c(.2, .3))*x4", group = "half"),
  values_groups_equal = list("f =~ x1 + c(1, NA)*x2 + c(NA, 1)*x3 + x4", group = "half", group.equal = "loadings"),
  start_groups = list("f =~ x1 + start(0.7)*x2 + x3", group = "third", group.equal = "loadings"),
  written_mean = list("f =~ x1 + x2 + x3\nf ~ 0*1", group = "half", group.equal = li),
  written_means = list("f =~ x1 + x2 + x3\nf ~ c(0, NA)*1", group = "half", group.equal = li),
  second_scalar = list(second, group = "half", group.equal = li),
  covariates_scalar = list("f =~ x1 + x2 + x3\nf ~ sex + ageyr\nx9 ~ f", group = "half", group.equal = li),
  single_scalar = list("f =~ x1\ng =~ x4 + x5 + x6\ng ~ f", group = "third", group.equal = c(li, "residuals")),
  std_lv_configural = list(two, group = "half", std.lv = TRUE),
  std_lv_metric = list(two, group = "half", group.equal = "loadings", std.lv = TRUE),
  std_lv_scalar = list(two, group = "third", group.equal = li, std.lv = TRUE),
  std_lv_second = list(second, group = "half", group.equal = "loadings", std.lv = TRUE),
  std_lv_variances = list(two, group = "half", group.equal = c(li, "lv.variances"), std.lv = TRUE),
  std_lv_written_groups = list(paste0(two, "\nf ~~ f\ng ~~ NA*g"), group = "half", group.equal = "loadings", std.lv = TRUE),
  delta = list(ordinal, ordered = u), theta = list(ordinal, ordered = u, parameterization = "theta"),
  delta_std_lv = list(ordinal, ordered = u, std.lv = TRUE),
  delta_mixed = list("f =~ u1 + u2 + u3 + x7\nf ~ sex + x8\nu4 ~ f", ordered = u[1:4]),
  delta_single = list("f =~ u1\ng =~ u4 + u5 + u6\ng ~ f", ordered = u[c(1, 4:6)]),
  delta_written = list("f =~ u1 + u2 + u3\nu1 ~~ 1*u1\nu1 | a*t1 + t2\nu3 | 0*t1\nu2 ~*~ 1*u2\nu2 ~ 1", ordered = u[1:3]),
  theta_written = list("f =~ u1 + u2 + u3\nu1 ~~ u1\nu2 ~~ 2*u2", ordered = u[1:3], parameterization = "theta"),
  delta_configural = list(ordinal, ordered = u, group = "half"),
  delta_loadings = list(ordinal, ordered = u, group = "half", group.equal = "loadings"),
  delta_thresholds = list(ordinal, ordered = u, group = "half", group.equal = "thresholds"),
  delta_both = list(ordinal, ordered = u, group = "half", group.equal = lt),
  delta_three = list(ordinal, ordered = u, group = "third", group.equal = lt),
  delta_intercepts = list("f =~ u1 + u2 + u3 + x4", ordered = u[1:3], group = "half", group.equal = li),
  delta_mixed_both = list("f =~ u1 + u2 + u3 + x7\nf ~ sex\nu4 ~ f", ordered = u[1:4], group = "half", group.equal = lt),
  delta_means = list(ordinal, ordered = u, group = "half", group.equal = c(lt, "means")),
  delta_residuals = list(ordinal, ordered = u, group = "half", group.equal = c(lt, "residuals")),
  delta_partial = list(ordinal, ordered = u, group = "half", group.equal = lt, group.partial = c("u1|t2", "f =~ u2")),
  delta_scale = list("f =~ u1 + u2 + u3\nu1 ~*~ u1\nu3 ~*~ c(1, NA)*u3", ordered = u[1:3], group = "half", group.equal = lt),
  delta_binary = list("f =~ b1 + u2 + u3", ordered = c("b1", "u2", "u3"), group = "half", group.equal = lt),
  theta_configural = list(ordinal, ordered = u, group = "half", parameterization = "theta"),
  theta_both = list(ordinal, ordered = u, group = "half", group.equal = lt, parameterization = "theta"),
  theta_residuals = list(ordinal, ordered = u, group = "third", group.equal = c(lt, "residuals"), parameterization = "theta"),
  theta_written_both = list("f =~ u1 + u2 + u3\nu1 ~~ u1\nu2 ~~ 1*u2", ordered = u[1:3], group = "half", group.equal = lt, parameterization = "theta"))

table_of <- function(name) {
  arguments <- cases[[name]]
  fit <- suppressWarnings(do.call("sem", c(list(arguments[[1]], data = data, do.fit = FALSE), arguments[-1])))
  jacobian <- fit@Model@con.jac
  rank <- if (length(jacobian)) qr(jacobian)$rank else 0
  p <- parTable(fit)
  list(npar = fit@Model@nx.free - rank,
       table = cbind(case = name, p[, c("lhs", "op", "rhs", "user", "group", "free", "ustart", "exo", "label", "plabel")]))
}
written <- lapply(names(cases), table_of)
argument <- function(x, name) paste(x[[name]], collapse = ",")
rows <- lapply(seq_along(cases), function(i) {
  x <- cases[[i]]
  items <- x$ordered
  data.frame(case = names(cases)[i], text = x[[1]], npar = written[[i]]$npar, groups = argument(x, "group"),
    equal = argument(x, "group.equal"), free = argument(x, "group.partial"), std_lv = isTRUE(x$std.lv),
    orthogonal = isTRUE(x$orthogonal), meanstructure = isTRUE(x$meanstructure),
    parameterization = if (is.null(x$parameterization)) "delta" else x$parameterization,
    ordered = paste(sprintf("%s:%d", items, sapply(items, function(n) length(unique(data[[n]])))), collapse = ","))
})
out(do.call(rbind, rows), "cases.csv")
out(do.call(rbind, lapply(written, function(w) w$table)), "case_tables.csv")
